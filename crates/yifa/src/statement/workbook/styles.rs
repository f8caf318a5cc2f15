//! Which formats of a workbook show a number as a day (日期格式).

use std::collections::BTreeMap;

use anyhow::Result;
use quick_xml::Reader;
use quick_xml::events::Event;

/// The formats of cells, as far as they matter here.
pub(super) struct Styles {
    /// By the number a cell gives.
    days: Vec<bool>,
}

impl Styles {
    pub(super) fn read(xml: Option<&str>) -> Result<Styles> {
        let (mut codes, mut days, mut inside) = (BTreeMap::new(), Vec::new(), false);
        let Some(xml) = xml else { return Ok(Styles { days }) };
        let mut reader = Reader::from_str(xml);
        loop {
            let event = reader.read_event()?;
            match &event {
                Event::Start(tag) | Event::Empty(tag) => {
                    let get = |name: &str| {
                        let found = tag.attributes().flatten().find(|mark| mark.key.as_ref() == name);
                        found.map(|mark| mark.value.into_owned())
                    };
                    match tag.local_name().as_ref() {
                        "numFmt" => drop(codes.insert(get("numFmtId"), get("formatCode").unwrap_or_default())),
                        "cellXfs" => inside = true,
                        "xf" if inside => {
                            let id = get("numFmtId");
                            let code = codes.get(&id).map(String::as_str);
                            days.push(is_day(id.and_then(|id| id.parse().ok()).unwrap_or(0), code));
                        }
                        _ => {}
                    }
                }
                Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => inside = false,
                Event::Eof => return Ok(Styles { days }),
                _ => {}
            }
        }
    }

    /// Whether a format shows a day.
    pub(super) fn is_day(&self, format: Option<usize>) -> bool {
        self.days.get(format.unwrap_or(0)).copied().unwrap_or(false)
    }
}

/// The formats that have a number of their own, and those that are spelt out.
fn is_day(id: u32, code: Option<&str>) -> bool {
    let Some(code) = code else { return matches!(id, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58) };
    let (mut quoted, mut bracket) = (false, false);
    code.replace("&quot;", "\"").chars().any(|c| {
        match c {
            '"' => quoted = !quoted,
            '[' => bracket = true,
            ']' => bracket = false,
            _ => {}
        }
        !quoted && !bracket && matches!(c, 'y' | 'Y' | 'd' | 'D')
    })
}

#[cfg(test)]
mod tests {
    use super::is_day;

    #[test]
    fn formats_of_days_are_known_by_their_signs() {
        for (id, code, expect) in [
            (14, None, true),
            (0, None, false),
            (2, None, false),
            (20, None, false),
            (176, Some("yyyy&quot;年&quot;m&quot;月&quot;"), true),
            (176, Some("0.00_ "), false),
            (176, Some("[Red]#,##0"), false),
            (176, Some("\"day\"0"), false),
            (176, Some("h:mm"), false),
            (31, Some("m/d"), true),
        ] {
            assert_eq!(is_day(id, code), expect, "{id} {code:?}");
        }
    }
}
