//! Words into XML: what people wrote is text, and characters XML has no place for are left out.

/// Escapes words.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A run of words in the face and size of its paragraph, with `look` as its properties.
pub fn run(look: &str, text: &str) -> String {
    let look = if look.is_empty() { String::new() } else { format!("<w:rPr>{look}</w:rPr>") };
    let mut out = String::new();
    for (nth, line) in text.split('\n').enumerate() {
        let line_break = if nth > 0 { "<w:br/>" } else { "" };
        out.push_str(&format!("<w:r>{look}{line_break}<w:t xml:space=\"preserve\">{}</w:t></w:r>", escape(line)));
    }
    out
}

/// How many characters wide a text is: Latin letters and digits take half.
pub fn width(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum()
}
