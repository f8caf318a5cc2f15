//! What a telephone reads off paper: a QR code, as a picture or module by module (二维码).

use anyhow::{Context, Result};
use maud::{Markup, PreEscaped, html};
use qrcode::render::svg;
use qrcode::{Color, EcLevel, QrCode};

/// Its modules, row by row, dark ones `1`.
///
/// # Errors
/// The words are too many for a code.
pub fn modules(text: &str) -> Result<Vec<String>> {
    let code = code(text)?;
    let row = |row: &[Color]| row.iter().map(|module| module.select('1', '0')).collect();
    Ok(code.to_colors().chunks(code.width()).map(row).collect())
}

fn code(text: &str) -> Result<QrCode> {
    QrCode::with_error_correction_level(text, EcLevel::M).context("too many words for a QR code")
}

/// A drawing of it for a page, called `name` by whoever reads pages aloud.
///
/// # Errors
/// As [`modules`].
pub fn drawn(text: &str, name: &str) -> Result<Markup> {
    let svg = code(text)?.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
    let inner = svg.split_once("<svg").map_or(svg.as_str(), |(_, inner)| inner);
    Ok(html! { (PreEscaped("<svg role=\"img\" aria-label=\"")) (name) (PreEscaped("\"")) (PreEscaped(inner)) })
}

/// A picture of it in black and white, with the white edge a reader needs.
///
/// # Errors
/// As [`modules`].
pub fn png(text: &str) -> Result<Vec<u8>> {
    /// Pixels a module, and modules of white around.
    const SCALE: usize = 8;
    const EDGE: usize = 2;
    let modules = modules(text)?;
    let side = (modules.len() + 2 * EDGE) * SCALE;
    let stride = side.div_ceil(8);
    let mut pixels = vec![0xff_u8; stride * side];
    for (y, row) in modules.iter().enumerate() {
        for x in row.bytes().enumerate().filter(|(_, module)| *module == b'1').map(|(x, _)| x) {
            for dy in 0..SCALE {
                for dx in 0..SCALE {
                    let (px, py) = ((x + EDGE) * SCALE + dx, (y + EDGE) * SCALE + dy);
                    pixels[py * stride + px / 8] &= !(0x80 >> (px % 8));
                }
            }
        }
    }
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, u32::try_from(side)?, u32::try_from(side)?);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(out)
}
