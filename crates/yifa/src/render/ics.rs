//! iCalendar (RFC 5545): dues as all-day events. Most calendars of phones and offices pass over to-dos; events all show.
//!
//! Written here because the crate that does it stands on chrono; what is needed of the format is a page.

use engine::day::Day;

/// One event of whole days.
pub struct Event {
    /// The same in every file for the same thing, so that a calendar replaces it and does not double it.
    pub uid: String,
    /// When what it says was last changed, in milliseconds. Taken from the data: the same data give the same file.
    pub stamp: i64,
    /// Grows with every change.
    pub sequence: u64,
    /// Its first day.
    pub first: Day,
    /// Its last day.
    pub last: Day,
    /// Its title.
    pub summary: String,
    /// What it is about, line by line.
    pub description: Vec<String>,
    /// The kind of matter.
    pub category: String,
}

/// The longest line in bytes, its end aside.
const LONGEST: usize = 75;

/// A calendar of events.
pub fn render(name: &str, events: &[Event]) -> String {
    let mut out = Lines(String::new());
    out.line("BEGIN:VCALENDAR");
    out.line("VERSION:2.0");
    out.line(concat!("PRODID:-//yifa//yifa ", env!("CARGO_PKG_VERSION"), "//ZH"));
    out.line("CALSCALE:GREGORIAN");
    out.text("X-WR-CALNAME", name);
    for event in events {
        out.event(event);
    }
    out.line("END:VCALENDAR");
    out.0
}

struct Lines(String);

impl Lines {
    fn event(&mut self, event: &Event) {
        let stamp = moment(event.stamp);
        self.line("BEGIN:VEVENT");
        self.text("UID", &event.uid);
        self.line(&format!("DTSTAMP:{stamp}"));
        self.line(&format!("LAST-MODIFIED:{stamp}"));
        self.line(&format!("SEQUENCE:{}", event.sequence));
        self.line(&format!("DTSTART;VALUE=DATE:{}", date(event.first)));
        // The day on which it is over.
        self.line(&format!("DTEND;VALUE=DATE:{}", date(event.last.next())));
        self.text("SUMMARY", &event.summary);
        if !event.description.is_empty() {
            self.text("DESCRIPTION", &event.description.join("\n"));
        }
        self.text("CATEGORIES", &event.category);
        // A last day takes up nobody's time.
        self.line("TRANSP:TRANSPARENT");
        self.line("END:VEVENT");
    }

    fn text(&mut self, name: &str, value: &str) {
        self.line(&format!("{name}:{}", escaped(value)));
    }

    /// Ends a line, folded where it is too long; never within a character.
    fn line(&mut self, line: &str) {
        let mut rest = line;
        let mut room = LONGEST;
        while rest.len() > room {
            let at = (1..=room).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
            self.0.push_str(&rest[..at]);
            self.0.push_str("\r\n ");
            rest = &rest[at..];
            // The space at its beginning counts.
            room = LONGEST - 1;
        }
        self.0.push_str(rest);
        self.0.push_str("\r\n");
    }
}

/// A text as a value: what would end or part it is escaped, control characters are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' | '\r' => out.push_str("\\n"),
            '\t' => out.push('\t'),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

fn date(day: Day) -> String {
    day.to_string().replace('-', "")
}

/// A moment in UTC, to the second.
fn moment(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis).unwrap_or_default().strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Event {
        let day = |text: &str| Day::parse(text).unwrap();
        Event {
            uid: "a.archive.3.0@example.gov.cn/360724/qingshi".to_owned(),
            stamp: 1_772_420_645_123,
            sequence: 12,
            first: day("2026-12-31"),
            last: day("2026-12-31"),
            summary: "立卷归档：（2026）黄沙村人调字第1号".to_owned(),
            description: vec!["依据：甲, 乙; 丙".to_owned(), "C:\\路径".to_owned()],
            category: "人民调解案件".to_owned(),
        }
    }

    #[test]
    fn an_event_is_written_as_the_rfc_has_it() {
        let text = render("期限，青石乡", &[event()]);
        let expect = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            concat!("PRODID:-//yifa//yifa ", env!("CARGO_PKG_VERSION"), "//ZH"),
            "CALSCALE:GREGORIAN",
            "X-WR-CALNAME:期限，青石乡",
            "BEGIN:VEVENT",
            "UID:a.archive.3.0@example.gov.cn/360724/qingshi",
            "DTSTAMP:20260302T030405Z",
            "LAST-MODIFIED:20260302T030405Z",
            "SEQUENCE:12",
            "DTSTART;VALUE=DATE:20261231",
            "DTEND;VALUE=DATE:20270101",
            "SUMMARY:立卷归档：（2026）黄沙村人调字第1号",
            "DESCRIPTION:依据：甲\\, 乙\\; 丙\\nC:\\\\路径",
            "CATEGORIES:人民调解案件",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ];
        assert_eq!(text, expect.join("\r\n"));
    }

    #[test]
    fn lines_are_folded_at_75_bytes_and_never_within_a_character() {
        for length in 0..300 {
            for piece in ["a", "法", "𠮷", "a法"] {
                let summary: String = piece.chars().cycle().take(length).collect();
                let text = render("", &[Event { summary: summary.clone(), ..event() }]);
                assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']));
                assert!(text.split("\r\n").all(|line| line.len() <= LONGEST), "{text}");
                let unfolded = text.replace("\r\n ", "");
                assert!(unfolded.contains(&format!("\r\nSUMMARY:{summary}\r\n")), "{text}");
            }
        }
    }

    #[test]
    fn nothing_somebody_typed_ends_a_line_or_begins_a_property() {
        let summary = "一\r\nBEGIN:VALARM\n二\r三\u{0}\u{1b}四\\n".to_owned();
        let text = render("", &[Event { summary, ..event() }]);
        assert!(text.contains("SUMMARY:一\\nBEGIN:VALARM\\n二\\n三四\\\\n\r\n"), "{text}");
        assert_eq!(text.matches("\r\nBEGIN:").count(), 1);
    }

    #[test]
    fn the_same_data_give_the_same_file() {
        assert_eq!(render("期限", &[event()]), render("期限", &[event()]));
    }
}
