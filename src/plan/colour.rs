//! Colours for labels that the plan gives none. They are only used to create a label.

use sha2::{Digest, Sha256};

/// Scales of values, the least first: `priority: low`, `effort: xl`, `P0`.
const SCALES: [[&str; 5]; 7] = [
    ["xs", "s", "m", "l", "xl"],
    ["xsmall", "small", "medium", "large", "xlarge"],
    ["lowest", "low", "medium", "high", "critical"],
    ["trivial", "minor", "moderate", "major", "blocker"],
    ["p4", "p3", "p2", "p1", "p0"],
    ["", "easy", "", "hard", ""],
    ["", "", "normal", "", "urgent"],
];
/// The lightness of each step of a scale.
const STEPS: [f64; 5] = [0.80, 0.68, 0.55, 0.42, 0.31];
/// How far the hues of two steps are apart, in degrees: GitHub's dark theme evens out lightness.
const STEP_HUE: f64 = 18.0;
/// The lightness of values that are on no scale.
const LIGHTNESS: [f64; 4] = [0.34, 0.50, 0.66, 0.80];
/// Chosen so that the values which plans use most are told apart; see the test.
const SALT: &str = "24";
const SATURATION: f64 = 0.6;
/// The least contrast between a label and its text that the Web Content Accessibility Guidelines ask for.
const CONTRAST: f64 = 4.5;
/// From this lightness on, as it is perceived, GitHub writes in black on a label, and else in white.
const BLACK_FROM: f64 = 0.453;

/// The colour of a label: always the same for the same name, different for the values of one family (`priority: high`,
/// `area/api`), and readable. The case of the name does not matter, as on GitHub.
pub fn for_label(name: &str) -> String {
    let name = name.trim().to_lowercase();
    let (family, value) = name.split_once([':', '/']).unwrap_or(("", &name));
    let (family, value) = (family.trim(), value.trim());
    let base = degrees(&hash(family));
    let step = SCALES.iter().find_map(|scale| scale.iter().position(|known| !known.is_empty() && *known == value));
    let (hue, lightness) = match step {
        Some(step) => {
            let from_middle = f64::from(u8::try_from(step).unwrap_or_default()) - 2.0;
            (base + from_middle * STEP_HUE, STEPS[step])
        }
        None => {
            let digest = hash(&format!("{value}{SALT}"));
            (base + degrees(&digest), LIGHTNESS[usize::from(digest[2]) % LIGHTNESS.len()])
        }
    };
    let [red, green, blue] = readable(hue.rem_euclid(360.0), lightness);
    format!("{red:02x}{green:02x}{blue:02x}")
}

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

fn degrees(digest: &[u8; 32]) -> f64 {
    f64::from(u16::from_be_bytes([digest[0], digest[1]]) % 360)
}

/// A colour on which GitHub's text can be read, as near as possible to a lightness.
fn readable(hue: f64, lightness: f64) -> [u8; 3] {
    let away = if perceived(rgb(hue, SATURATION, lightness)) < BLACK_FROM { -0.02 } else { 0.02 };
    let steps = (0..20).map(|step| lightness + away * f64::from(step));
    let mut colours = steps.map(|lightness| rgb(hue, SATURATION, lightness.clamp(0.0, 1.0)));
    colours.find(|colour| contrast(*colour) >= CONTRAST).unwrap_or_else(|| rgb(hue, SATURATION, lightness))
}

fn perceived([red, green, blue]: [u8; 3]) -> f64 {
    (0.2126 * f64::from(red) + 0.7152 * f64::from(green) + 0.0722 * f64::from(blue)) / 255.0
}

/// The contrast between a label and its text as GitHub's light theme shows them.
fn contrast(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|channel| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    if perceived(colour) < BLACK_FROM { 1.05 / (luminance + 0.05) } else { (luminance + 0.05) / 0.05 }
}

/// Hue in degrees, saturation and lightness from 0 to 1, as red, green and blue.
fn rgb(hue: f64, saturation: f64, lightness: f64) -> [u8; 3] {
    let reach = saturation * lightness.min(1.0 - lightness);
    let channel = |shift: f64| {
        let position = (shift + hue / 30.0) % 12.0;
        let value = lightness - reach * (position - 3.0).min(9.0 - position).clamp(-1.0, 1.0);
        (value * 255.0).round() as u8
    };
    [channel(0.0), channel(8.0), channel(4.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(colour: &str) -> [u8; 3] {
        [0, 2, 4].map(|at| u8::from_str_radix(&colour[at..at + 2], 16).unwrap())
    }

    /// The redmean distance of two colours; between black and white it is 765.
    fn distance(one: &str, other: &str) -> f64 {
        let (one, other) = (parsed(one).map(f64::from), parsed(other).map(f64::from));
        let [red, green, blue] = [0, 1, 2].map(|at| one[at] - other[at]);
        let mean = f64::midpoint(one[0], other[0]);
        ((2.0 + mean / 256.0) * red * red + 4.0 * green * green + (2.0 + (255.0 - mean) / 256.0) * blue * blue).sqrt()
    }

    #[test]
    fn a_name_has_one_colour_whatever_its_case() {
        assert_eq!(for_label("API"), for_label("api"));
        assert_eq!(for_label("Priority:  High"), for_label("priority: high"));
        assert_ne!(for_label("api"), for_label("docs"));
        assert!(for_label("ü").bytes().all(|byte| byte.is_ascii_hexdigit()));
    }

    #[test]
    fn the_values_of_a_family_are_told_apart() {
        let families: [(&str, &[&str]); 7] = [
            ("priority", &["low", "medium", "high", "critical"]),
            ("effort", &["xs", "s", "m", "l", "xl"]),
            ("severity", &["trivial", "minor", "moderate", "major", "blocker"]),
            ("type", &["feature", "bug", "documentation", "task", "chore", "refactor", "test", "docs", "enhancement"]),
            ("component", &["api", "database", "infrastructure", "integrations", "frontend", "backend", "ui", "auth"]),
            ("area", &["api", "docs", "cli", "core", "ui", "tests"]),
            ("status", &["todo", "in progress", "blocked", "done", "review"]),
        ];
        for (family, values) in families {
            for (at, one) in values.iter().enumerate() {
                for other in &values[at + 1..] {
                    let [one, other] = [one, other].map(|value| for_label(&format!("{family}: {value}")));
                    assert!(distance(&one, &other) > 40.0, "{family}: {one} {other}: {}", distance(&one, &other));
                }
            }
        }
    }

    #[test]
    fn the_text_on_every_label_is_readable() {
        for at in 0..2_000 {
            for name in [format!("family {at}: value {at}"), format!("family {at}: high"), format!("label {at}")] {
                let colour = for_label(&name);
                assert!(contrast(parsed(&colour)) >= CONTRAST, "{name}: {colour}");
            }
        }
    }

    #[test]
    fn primary_hues_come_out_right() {
        assert_eq!(rgb(0.0, 1.0, 0.5), [255, 0, 0]);
        assert_eq!(rgb(120.0, 1.0, 0.5), [0, 255, 0]);
        assert_eq!(rgb(240.0, 1.0, 0.5), [0, 0, 255]);
    }
}
