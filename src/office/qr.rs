//! A QR code for a terminal, for the handheld that is to be enrolled.

use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrCode};

/// Light modules around the code, without which readers do not find it. ISO/IEC 18004 §6.3.8.
const QUIET: usize = 4;

/// The code as half blocks, dark on light whatever the terminal's colours are. Error: the text is too long for one.
pub fn picture(text: &str) -> Result<String, QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L)?;
    let (width, colors) = (code.width(), code.to_colors());
    let dark = |x: usize, y: usize| {
        let inside = QUIET..QUIET + width;
        inside.contains(&x)
            && inside.contains(&y)
            && colors[(y - QUIET) * width + x - QUIET] == Color::Dark
    };
    let mut picture = String::new();
    for y in (0..width + 2 * QUIET).step_by(2) {
        picture.push_str("\x1b[30;107m");
        picture.extend(
            (0..width + 2 * QUIET).map(|x| match (dark(x, y), dark(x, y + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            }),
        );
        picture.push_str("\x1b[0m\n");
    }
    Ok(picture)
}

/// The code as an SVG path of dark modules, one unit each, and the side of the square it needs with its quiet zone.
pub(super) fn path(text: &str) -> Result<(String, usize), QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L)?;
    let width = code.width();
    let colors = code.to_colors();
    let dark = colors
        .iter()
        .enumerate()
        .filter(|(_, color)| **color == Color::Dark);
    let path = dark
        .map(|(at, _)| format!("M{} {}h1v1h-1z", QUIET + at % width, QUIET + at / width))
        .collect();
    Ok((path, width + 2 * QUIET))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finder_stands_in_a_quiet_corner() {
        let picture = picture("stockhand:office:1").unwrap();
        let plain = picture.replace("\x1b[30;107m", "").replace("\x1b[0m", "");
        let lines: Vec<&str> = plain.lines().collect();
        assert!(lines[0].trim().is_empty() && lines[1].trim().is_empty());
        // Seven modules of a finder pattern: its ring, and its heart in the middle.
        assert!(lines[2].starts_with("    █▀▀▀▀▀█ "), "{}", lines[2]);
        assert!(lines[3].starts_with("    █ ███ █ "), "{}", lines[3]);
        let width = lines[0].chars().count();
        assert!(lines.iter().all(|line| line.chars().count() == width));
    }
}
