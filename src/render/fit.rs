//! Cuts a document that is too long: details first, then rows, each as a whole.

/// A document in sections, in their order.
#[derive(Debug, Default)]
pub struct Document {
    sections: Vec<Section>,
}

/// A part of a document: an opening, rows, details and an ending. A section without rows and details is always kept.
#[derive(Debug, Default)]
pub struct Section {
    /// The text before the rows.
    pub open: String,
    /// The rows: lines of a table or a list.
    pub rows: Vec<String>,
    /// The details, which are all left out before the first row is.
    pub details: Vec<String>,
    /// The text after the details.
    pub close: String,
}

/// A document within its limit.
#[derive(Debug, PartialEq, Eq)]
pub struct Fitted {
    /// The text that fits.
    pub text: String,
    /// How many rows were left out.
    pub rows: usize,
    /// How many details were left out.
    pub details: usize,
}

impl Document {
    /// Adds a section.
    pub fn push(&mut self, section: Section) {
        self.sections.push(section);
    }

    /// Adds a text that is always kept.
    pub fn always(&mut self, text: impl Into<String>) {
        self.push(Section { open: text.into(), ..Section::default() });
    }

    /// The whole document.
    pub fn whole(&self) -> String {
        self.fit(usize::MAX).text
    }

    /// As much of the document as fits a number of bytes: what is always kept, then rows, then details, each from the top.
    /// What is always kept must fit.
    pub fn fit(&self, limit: usize) -> Fitted {
        let always: usize = self.sections.iter().filter(|section| section.is_always()).map(Section::frame).sum();
        let mut left = limit.saturating_sub(always);
        let mut kept: Vec<Kept> = self.sections.iter().map(|_| Kept::default()).collect();
        'rows: for (section, kept) in self.sections.iter().zip(&mut kept) {
            for row in &section.rows {
                let frame = if kept.rows == 0 { section.frame() } else { 0 };
                let Some(rest) = left.checked_sub(row.len() + frame) else { break 'rows };
                (left, kept.rows) = (rest, kept.rows + 1);
            }
        }
        for (section, kept) in self.sections.iter().zip(&mut kept) {
            for (at, detail) in section.details.iter().enumerate() {
                let is_open = kept.rows > 0 || !kept.details.is_empty();
                if !is_open && !section.rows.is_empty() {
                    continue;
                }
                let frame = if is_open { 0 } else { section.frame() };
                if let Some(rest) = left.checked_sub(detail.len() + frame) {
                    left = rest;
                    kept.details.push(at);
                }
            }
        }
        let mut fitted = Fitted { text: String::new(), rows: 0, details: 0 };
        for (section, kept) in self.sections.iter().zip(&kept) {
            fitted.rows += section.rows.len() - kept.rows;
            fitted.details += section.details.len() - kept.details.len();
            if section.is_always() || kept.rows > 0 || !kept.details.is_empty() {
                section.write(kept, &mut fitted.text);
            }
        }
        fitted
    }
}

/// What is kept of a section.
#[derive(Default)]
struct Kept {
    rows: usize,
    details: Vec<usize>,
}

impl Section {
    fn is_always(&self) -> bool {
        self.rows.is_empty() && self.details.is_empty()
    }

    /// The bytes of a section without its rows and details.
    fn frame(&self) -> usize {
        self.open.len() + self.close.len()
    }

    fn write(&self, kept: &Kept, text: &mut String) {
        text.push_str(&self.open);
        self.rows.iter().take(kept.rows).for_each(|row| text.push_str(row));
        kept.details.iter().filter_map(|at| self.details.get(*at)).for_each(|detail| text.push_str(detail));
        text.push_str(&self.close);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Document {
        let mut document = Document::default();
        document.always("head\n");
        for name in ["a", "b"] {
            document.push(Section {
                open: format!("<{name}>"),
                rows: (0..3).map(|at| format!("[{name}{at}]")).collect(),
                details: (0..3).map(|at| format!("(detail of {name}{at})")).collect(),
                close: format!("</{name}>\n"),
            });
        }
        document.always("foot\n");
        document
    }

    #[test]
    fn details_go_before_rows_and_a_section_without_rows_goes_whole() {
        let document = document();
        let whole = document.whole();
        assert_eq!(document.fit(whole.len()), Fitted { text: whole.clone(), rows: 0, details: 0 });
        assert_eq!(document.fit(whole.len() - 1).details, 1);
        assert_eq!(
            document.fit(60).text,
            "head\n<a>[a0][a1][a2]</a>\n<b>[b0][b1][b2]</b>\nfoot\n",
            "every row, and no detail"
        );
        let fitted = document.fit(40);
        assert_eq!(fitted.text, "head\n<a>[a0][a1][a2]</a>\nfoot\n");
        assert_eq!((fitted.rows, fitted.details), (3, 6));
    }

    #[test]
    fn every_limit_is_kept_down_to_what_always_stays() {
        let document = document();
        for limit in 10..=document.whole().len() {
            let fitted = document.fit(limit);
            assert!(fitted.text.len() <= limit, "{limit}: {fitted:?}");
            assert_eq!(fitted.text.matches('<').count(), 2 * fitted.text.matches("</").count());
        }
    }
}
