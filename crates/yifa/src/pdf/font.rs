//! A font of a PDF, as far as words need it: how its codes are cut, what they mean and how wide they stand.

use std::collections::BTreeMap;

use encoding_rs::{GB18030, UTF_16BE};
use lopdf::{Dictionary, Document, Encoding, Object, Stream};

use super::LARGEST_PART;
use super::code::Codes;

/// How the bytes of a text are cut into codes.
enum Cut {
    One,
    Two,
    /// GBK: a byte below 0x81 stands alone.
    Gbk,
}

/// Where characters are known from when the file has no table of them.
enum Else<'d> {
    Encoding(Encoding<'d>),
    Utf16,
    Gbk,
    Nothing,
}

/// A font.
pub struct Font<'d> {
    cut: Cut,
    codes: Codes,
    otherwise: Else<'d>,
    widths: BTreeMap<u32, f64>,
    /// Of a code whose width is not said, in thousandths of the size.
    usual_width: f64,
    /// Of a unit of width, in sizes.
    unit: f64,
}

/// One code of a text.
pub struct Shown {
    /// Its characters; the replacement character where nobody says.
    pub text: String,
    /// How wide it stands, in sizes.
    pub width: f64,
    /// It is the single byte of a space, which word spacing is for.
    pub space: bool,
}

impl<'d> Font<'d> {
    /// Reads a font.
    pub fn read(document: &'d Document, dict: &'d Dictionary) -> Font<'d> {
        let get = |dict: &'d Dictionary, key: &[u8]| dict.get_deref(key, document).ok();
        let codes = get(dict, b"ToUnicode").and_then(|object| object.as_stream().ok()).and_then(unpacked);
        let codes = codes.map(|table| Codes::read(&table)).unwrap_or_default();
        if get(dict, b"Subtype").and_then(|name| name.as_name().ok()) != Some(b"Type0") {
            let otherwise = match codes.is_empty() {
                true => dict.get_font_encoding_with_limit(document, LARGEST_PART).map_or(Else::Nothing, Else::Encoding),
                false => Else::Nothing,
            };
            let first = get(dict, b"FirstChar").and_then(|first| first.as_i64().ok()).unwrap_or(0);
            let first = u32::try_from(first).unwrap_or(0);
            let widths = get(dict, b"Widths").and_then(|widths| widths.as_array().ok());
            let widths = widths.into_iter().flatten().take(256).filter_map(|width| number(document, width));
            let matrix = get(dict, b"FontMatrix").and_then(|matrix| matrix.as_array().ok());
            let unit = matrix.and_then(|matrix| number(document, matrix.first()?)).filter(|unit| *unit > 0.0);
            return Font {
                cut: Cut::One,
                codes,
                otherwise,
                widths: (first..).zip(widths).collect(),
                usual_width: 500.0,
                unit: unit.unwrap_or(0.001),
            };
        }
        let below = get(dict, b"DescendantFonts").and_then(|fonts| fonts.as_array().ok()).and_then(|all| all.first());
        let below = below.and_then(|font| document.dereference(font).ok()?.1.as_dict().ok());
        let name = get(dict, b"Encoding").and_then(|name| name.as_name().ok()).unwrap_or(b"Identity-H");
        let (cut, otherwise) = match name {
            b"UniGB-UCS2-H" | b"UniGB-UTF16-H" | b"UniCNS-UTF16-H" | b"UniJIS-UTF16-H" => (Cut::Two, Else::Utf16),
            b"GBK-EUC-H" | b"GBKp-EUC-H" | b"GBK2K-H" | b"GB-EUC-H" | b"GBpc-EUC-H" => (Cut::Gbk, Else::Gbk),
            // A table of its own says how long codes are; the tables of characters say the same.
            _ if !codes.is_empty() && codes.is_single() => (Cut::One, Else::Nothing),
            _ => (Cut::Two, Else::Nothing),
        };
        let usual = below.and_then(|below| number(document, below.get(b"DW").ok()?));
        // Widths are by glyph; only where codes are glyphs are they known by code.
        let by_code = name.starts_with(b"Identity");
        let listed = below.filter(|_| by_code).and_then(|below| get(below, b"W")?.as_array().ok());
        Font {
            cut,
            codes,
            otherwise,
            widths: listed.map(|listed| widths(document, listed)).unwrap_or_default(),
            usual_width: usual.unwrap_or(1000.0),
            unit: 0.001,
        }
    }

    /// The codes of a text, one after the other.
    pub fn shown(&self, mut bytes: &[u8]) -> Vec<Shown> {
        let mut all = Vec::new();
        while let Some(first) = bytes.first() {
            let length = match self.cut {
                Cut::One => 1,
                Cut::Two => 2,
                Cut::Gbk => 1 + usize::from(*first >= 0x81),
            };
            let (one, rest) = bytes.split_at(length.min(bytes.len()));
            bytes = rest;
            all.push(self.one(one));
        }
        all
    }

    fn one(&self, bytes: &[u8]) -> Shown {
        let code = bytes.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
        let read = match &self.otherwise {
            _ if !self.codes.is_empty() => self.codes.get(bytes.len(), code).map(str::to_owned),
            Else::Encoding(encoding) => encoding.bytes_to_string(bytes).ok().filter(|text| !text.is_empty()),
            Else::Utf16 => UTF_16BE.decode_without_bom_handling_and_without_replacement(bytes).map(Into::into),
            Else::Gbk => GB18030.decode_without_bom_handling_and_without_replacement(bytes).map(Into::into),
            Else::Nothing => None,
        };
        let text = read.unwrap_or_else(|| char::REPLACEMENT_CHARACTER.to_string());
        let half =
            matches!(self.cut, Cut::Gbk) && bytes.len() == 1 || matches!(self.otherwise, Else::Utf16) && code < 128;
        let usual = if half { self.usual_width / 2.0 } else { self.usual_width };
        let width = self.widths.get(&code).copied().unwrap_or(usual) * self.unit;
        Shown { text, width, space: bytes == b" " }
    }
}

/// The widths of a list of `first [w w w]` and `first last w`.
fn widths(document: &Document, list: &[Object]) -> BTreeMap<u32, f64> {
    let mut found = BTreeMap::new();
    let mut rest = list;
    while let [first, second, more @ ..] = rest {
        let Some(first) = number(document, first) else { break };
        let first = first as u32;
        if let Some(each) = document.dereference(second).ok().and_then(|(_, each)| each.as_array().ok()) {
            found.extend((first..).zip(each.iter().filter_map(|width| number(document, width))));
            rest = more;
        } else if let ([width, more @ ..], Some(last)) = (more, number(document, second)) {
            let Some(width) = number(document, width) else { break };
            found.extend((first..=last as u32).take(1 << 16).map(|code| (code, width)));
            rest = more;
        } else {
            break;
        }
        if found.len() > 1 << 17 {
            break;
        }
    }
    found
}

/// A number, also where it stands elsewhere in the file.
pub fn number(document: &Document, object: &Object) -> Option<f64> {
    document.dereference(object).ok()?.1.as_float().ok().map(f64::from).filter(|number| number.is_finite())
}

/// What a stream unpacks to, within the bound.
pub fn unpacked(stream: &Stream) -> Option<Vec<u8>> {
    stream.get_plain_content_with_limit(LARGEST_PART).ok()
}
