//! Colours for labels that the plan gives none.

use sha2::{Digest, Sha256};

/// The colour of a label: always the same for the same name, and one hue for a whole `group: value` family, told
/// apart by lightness. The case of the name does not matter, as it does not on GitHub.
pub fn for_label(name: &str) -> String {
    let name = name.trim().to_lowercase();
    let (family, value) = name.split_once(':').unwrap_or((&name, ""));
    let hue = f64::from(hash(family.trim()) % 360);
    let lightness = 0.42 + f64::from(hash(value.trim()) % 7) * 0.05;
    hex(hue, 0.55, lightness)
}

fn hash(text: &str) -> u16 {
    let digest = Sha256::digest(text.as_bytes());
    u16::from_be_bytes([digest[0], digest[1]])
}

/// Hue in degrees, saturation and lightness from 0 to 1, to six hexadecimal digits.
fn hex(hue: f64, saturation: f64, lightness: f64) -> String {
    let reach = saturation * lightness.min(1.0 - lightness);
    let channel = |shift: f64| {
        let position = (shift + hue / 30.0) % 12.0;
        let value = lightness - reach * (position - 3.0).min(9.0 - position).clamp(-1.0, 1.0);
        (value * 255.0).round()
    };
    format!("{:02x}{:02x}{:02x}", channel(0.0) as u8, channel(8.0) as u8, channel(4.0) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_colour_whatever_its_case() {
        assert_eq!(for_label("API"), for_label("api"));
        assert_ne!(for_label("api"), for_label("docs"));
        assert!(for_label("ü").bytes().all(|byte| byte.is_ascii_hexdigit()));
    }

    #[test]
    fn primary_hues_come_out_right() {
        assert_eq!(hex(0.0, 1.0, 0.5), "ff0000");
        assert_eq!(hex(120.0, 1.0, 0.5), "00ff00");
        assert_eq!(hex(240.0, 1.0, 0.5), "0000ff");
    }
}
