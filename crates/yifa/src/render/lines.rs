//! Lines with headings as one HTML file: nothing fetched, nothing run, whatever people wrote.

use maud::html;

use super::html::page;

const STYLE: &str = ":root{color-scheme:only light}body{margin:0;background:#fff;color:#000;\
font:1rem/1.7 FangSong,STFangsong,\"Noto Serif CJK SC\",serif;overflow-wrap:anywhere}main{max-width:52rem;margin:0 auto;\
padding:2rem 1.25rem}h1{font-size:1.5rem}h2{font-size:1.1rem;margin:1.6em 0 .3em}p{margin:.25em 0}p.d2{padding-left:2em;\
font-size:.93em}p.d1{margin-top:.7em}@media print{@page{size:A4;margin:20mm}h2{break-after:avoid}p{orphans:2;widows:2}}";

/// Writes lines, each with how far in it stands (0 is a heading).
pub fn render(title: &str, lines: &[(u8, String)]) -> String {
    let main = html! {
        @for (nth, (depth, line)) in lines.iter().enumerate() {
            @match (nth, depth) {
                (0, _) => h1 { (line) },
                (_, 0) => h2 { (line) },
                (_, depth) => p class={ "d" (depth) } { (line) },
            }
        }
    };
    page(title, STYLE, main)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_stays_text() {
        let page = render("甲<b>", &[(0, "甲<b>".to_owned()), (1, "<script>1</script>".to_owned())]);
        assert!(page.contains("<h1>甲&lt;b&gt;</h1>") && page.contains("&lt;script&gt;") && !page.contains("<script"));
    }
}
