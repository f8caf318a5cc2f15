//! What papers are measured with: poppler's boxes of words, its pixels, and the programs that make both.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Ran, YIFA};

/// Points a millimetre.
pub const POINT: f64 = 72.0 / 25.4;
/// Pixels a millimetre, where pixels are looked at.
const PIXELS: f64 = 10.0;

/// The press that was built beside these tests, or the one the environment names.
pub fn press() -> PathBuf {
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../release/yifa-pdf");
    let press = std::env::var_os("YIFA_PDF").map_or(built, PathBuf::from);
    assert!(press.is_file(), "these tests need the press: cargo build --release -p pdf, or set YIFA_PDF");
    press
}

/// Runs the binary with the press at hand.
#[track_caller]
pub fn yifa<A: AsRef<OsStr>>(data: &Path, args: &[A]) -> Ran {
    let mut command = Command::new(YIFA);
    command.arg("--data").arg(data).args(args).env("YIFA_PDF", press()).env("NO_COLOR", "1");
    Ran::of(command.output().unwrap())
}

/// Runs one of the programs these tests measure with; what it writes to standard output.
pub fn tool<A: AsRef<OsStr>>(program: &str, args: &[A]) -> Vec<u8> {
    let package = if program == "soffice" { "libreoffice-writer-nogui" } else { "poppler-utils" };
    let ran = match Command::new(program).args(args).output() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            panic!("these tests need {program}: apt-get install {package}")
        }
        ran => ran.unwrap(),
    };
    assert!(ran.status.success(), "{program}: {}", String::from_utf8_lossy(&ran.stderr));
    ran.stdout
}

fn text_of<A: AsRef<OsStr>>(program: &str, args: &[A]) -> String {
    String::from_utf8(tool(program, args)).unwrap()
}

/// A PDF on the disk.
pub struct Pdf {
    path: PathBuf,
    /// Its pages, from top to bottom.
    pub pages: Vec<Page>,
}

/// A page.
pub struct Page {
    /// Which it is, from 1.
    pub nth: usize,
    /// Its lines of words, from top to bottom.
    pub rows: Vec<Row>,
}

/// The words of one size that stand beside each other; points from the upper left corner.
#[derive(Clone, Debug)]
pub struct Row {
    /// The upper edge of its characters.
    pub top: f64,
    /// The lower.
    pub bottom: f64,
    /// Where its first begins.
    pub left: f64,
    /// Where its last ends.
    pub right: f64,
    /// Its words.
    pub words: Vec<Word>,
}

/// What stands together.
#[derive(Clone, Debug)]
pub struct Word {
    /// Where it begins.
    pub left: f64,
    /// Where it ends.
    pub right: f64,
    /// Its characters.
    pub text: String,
}

impl Row {
    /// How high its characters are, in points.
    pub fn size(&self) -> f64 {
        self.bottom - self.top
    }

    /// Its characters, without gaps.
    pub fn text(&self) -> String {
        self.words.iter().map(|word| word.text.as_str()).collect()
    }

    /// So many full-width characters in one piece; none where there is anything else in it.
    pub fn plain(&self) -> Option<usize> {
        let [word] = &self.words[..] else { return None };
        let wide = |c: char| c > '\u{2e80}' && !"“”‘’—…·".contains(c);
        word.text.chars().all(wide).then(|| word.text.chars().count())
    }
}

/// A length of points in millimetres.
pub fn mm(points: f64) -> f64 {
    points / POINT
}

/// Two lengths are the same but for so much.
#[track_caller]
pub fn near(what: &str, found: f64, wanted: f64, within: f64) {
    assert!((found - wanted).abs() <= within, "{what}: {found:.2}, not {wanted:.2} ± {within}");
}

impl Pdf {
    /// Reads one.
    pub fn open(path: &Path) -> Pdf {
        let xml = text_of("pdftotext", &[OsStr::new("-bbox"), path.as_os_str(), OsStr::new("-")]);
        let pages = xml.split("<page ").skip(1).enumerate().map(|(nth, page)| self::page(nth + 1, page)).collect();
        Pdf { path: path.to_owned(), pages }
    }

    /// A page, from 1.
    pub fn page(&self, nth: usize) -> &Page {
        &self.pages[nth - 1]
    }

    /// All words of it in one string, as they are copied out, without breaks of lines.
    pub fn text(&self) -> String {
        self.copied().chars().filter(|c| !c.is_whitespace() && *c != '\u{2060}').collect()
    }

    /// All words of it as they are copied out.
    pub fn copied(&self) -> String {
        text_of("pdftotext", &[self.path.as_os_str(), OsStr::new("-")])
    }

    /// What `pdfinfo` says of it.
    pub fn info(&self, key: &str) -> String {
        let all = text_of("pdfinfo", &[&self.path]);
        let line = all.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
        line.unwrap_or_else(|| panic!("pdfinfo says no {key}: {all}")).trim().to_owned()
    }

    /// Its fonts: name, and whether it is embedded, a subset, and can be copied from.
    pub fn fonts(&self) -> Vec<(String, [bool; 3])> {
        let all = text_of("pdffonts", &[&self.path]);
        let one = |line: &str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            // From the right: two numbers of the object, then the three.
            let flags = [5, 4, 3].map(|back| words[words.len() - back] == "yes");
            (words[0].to_owned(), flags)
        };
        all.lines().skip(2).map(one).collect()
    }

    /// Its sizes of type, families, bookmarks and links.
    pub fn look(&self) -> Look {
        let args = ["-xml", "-zoom", "3", "-i", "-stdout"].map(OsStr::new);
        Look { xml: text_of("pdftohtml", &[&args[..], &[self.path.as_os_str()]].concat()) }
    }

    /// A page as pixels.
    pub fn picture(&self, nth: usize) -> Picture {
        let nth = nth.to_string();
        let args = ["-r", "254", "-f", &nth, "-l", &nth].map(OsStr::new);
        let ppm = tool("pdftoppm", &[&args[..], &[self.path.as_os_str()]].concat());
        // `P6\nwidth height\n255\n`, then three bytes a pixel.
        let head: Vec<&[u8]> = ppm.splitn(4, |byte| *byte == b'\n').collect();
        let sides = std::str::from_utf8(head[1]).unwrap();
        let (width, _) = sides.split_once(' ').unwrap();
        Picture { width: width.parse().unwrap(), pixels: head[3].to_vec() }
    }
}

fn page(nth: usize, xml: &str) -> Page {
    let mut words: Vec<(f64, f64, Word)> = Vec::new();
    for word in xml.split("<word ").skip(1) {
        let number = |key: &str| -> f64 {
            let (_, rest) = word.split_once(&format!("{key}=\"")).unwrap();
            rest.split_once('"').unwrap().0.parse().unwrap()
        };
        let (_, rest) = word.split_once('>').unwrap();
        let text = rest.split_once("</word>").unwrap().0.replace('\u{2060}', "");
        let text = text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        if !text.is_empty() {
            words.push((number("yMin"), number("yMax"), Word { left: number("xMin"), right: number("xMax"), text }));
        }
    }
    words.sort_by(|a, b| (a.0, a.2.left).partial_cmp(&(b.0, b.2.left)).unwrap());
    let mut rows: Vec<Row> = Vec::new();
    for (top, bottom, word) in words {
        let same = |row: &&mut Row| (row.top - top).abs() < 0.3 && (row.bottom - bottom).abs() < 0.3;
        match rows.iter_mut().rev().take(4).find(same) {
            Some(row) => {
                row.left = row.left.min(word.left);
                row.right = row.right.max(word.right);
                row.words.push(word);
                row.words.sort_by(|a, b| a.left.total_cmp(&b.left));
            }
            None => rows.push(Row { top, bottom, left: word.left, right: word.right, words: vec![word] }),
        }
    }
    Page { nth, rows }
}

impl Page {
    /// The rows of a size, in points.
    pub fn sized(&self, size: f64) -> Vec<&Row> {
        self.rows.iter().filter(|row| (row.size() - size).abs() < 0.3).collect()
    }

    /// The first row that has these words.
    #[track_caller]
    pub fn row(&self, words: &str) -> &Row {
        let found = self.rows.iter().find(|row| row.text().contains(words));
        found.unwrap_or_else(|| panic!("page {} has no “{words}”", self.nth))
    }

    /// Whether it has a number at its foot, and which.
    pub fn folio(&self) -> Option<usize> {
        let foot = self.rows.iter().find(|row| row.top > 262.0 * POINT)?;
        foot.text().trim_matches('—').parse().ok()
    }
}

/// What `pdftohtml` says of a PDF.
pub struct Look {
    xml: String,
}

impl Look {
    /// The size in points and the family of the first piece that begins so.
    #[track_caller]
    pub fn type_of(&self, words: &str) -> (f64, &str) {
        let font = self.xml.lines().find_map(|line| {
            let (tag, text) = line.strip_prefix("<text ")?.split_once('>')?;
            text.trim_start_matches("<b>").starts_with(words).then(|| attribute(tag, "font"))
        });
        let font = font.unwrap_or_else(|| panic!("no piece begins with “{words}”"));
        let spec = self.xml.lines().find(|line| line.contains(&format!("<fontspec id=\"{font}\""))).unwrap();
        (attribute(spec, "size").parse::<f64>().unwrap() / 3.0, attribute(spec, "family"))
    }

    /// The titles of its bookmarks, each with its page.
    pub fn bookmarks(&self) -> Vec<(usize, &str)> {
        let (_, outline) = self.xml.split_once("<outline>").unwrap_or_default();
        let one = |item: &'_ str| -> Option<(usize, usize)> {
            let begin = item.find('>')? + 1;
            Some((begin, item.find("</item>")?))
        };
        let items = outline.split("<item ").skip(1);
        items
            .filter_map(|item| {
                let (begin, end) = one(item)?;
                Some((attribute(item, "page").parse().ok()?, &item[begin..end]))
            })
            .collect()
    }

    /// Where its links lead: the page each is on, the words of it and the page it leads to.
    pub fn links(&self) -> Vec<(usize, String, usize)> {
        let mut found = Vec::new();
        for (nth, page) in self.xml.split("<page ").skip(1).enumerate() {
            for link in page.split("<a href=\"").skip(1) {
                let (to, rest) = link.split_once("\">").unwrap();
                let (_, to) = to.rsplit_once('#').unwrap();
                found.push((nth + 1, rest.split_once("</a>").unwrap().0.to_owned(), to.parse().unwrap()));
            }
        }
        found
    }
}

fn attribute<'t>(tag: &'t str, key: &str) -> &'t str {
    let (_, rest) = tag.split_once(&format!("{key}=\"")).unwrap_or_else(|| panic!("no {key} in {tag}"));
    rest.split_once('"').unwrap().0
}

/// A page as pixels, ten a millimetre.
pub struct Picture {
    width: usize,
    pixels: Vec<u8>,
}

/// Where ink is, in millimetres from the upper left corner.
#[derive(Clone, Copy, Debug)]
pub struct Ink {
    /// Its upper edge.
    pub top: f64,
    /// Its lower edge.
    pub bottom: f64,
    /// Its left edge.
    pub left: f64,
    /// Its right edge.
    pub right: f64,
}

/// Red as a printer mixes it.
pub fn red([r, g, b]: [u8; 3]) -> bool {
    r > 180 && g < 80 && b < 90
}

/// Black.
pub fn black([r, g, b]: [u8; 3]) -> bool {
    r < 110 && g < 110 && b < 110
}

impl Picture {
    /// The ink of a colour within a part of the page: from and to, across and down.
    pub fn ink(&self, across: (f64, f64), down: (f64, f64), is: fn([u8; 3]) -> bool) -> Option<Ink> {
        let at = |length: f64| (length * PIXELS).round() as usize;
        let mut found: Option<[usize; 4]> = None;
        for y in at(down.0)..at(down.1) {
            for x in at(across.0)..at(across.1).min(self.width) {
                let pixel = &self.pixels[(y * self.width + x) * 3..][..3];
                if is([pixel[0], pixel[1], pixel[2]]) {
                    let [top, bottom, left, right] = found.unwrap_or([y, y, x, x]);
                    found = Some([top, y.max(bottom), left.min(x), right.max(x)]);
                }
            }
        }
        let [top, bottom, left, right] = found?;
        let length = |pixels: usize| pixels as f64 / PIXELS;
        Some(Ink { top: length(top), bottom: length(bottom + 1), left: length(left), right: length(right + 1) })
    }

    /// The rules across the page: unbroken lines of a colour at least so long.
    pub fn rules(&self, long: f64, is: fn([u8; 3]) -> bool) -> Vec<Ink> {
        let mut found: Vec<Ink> = Vec::new();
        for y in 0..self.pixels.len() / 3 / self.width {
            let mut best = (0, 0);
            let mut begin = None;
            for x in 0..=self.width {
                let inked = x < self.width && {
                    let pixel = &self.pixels[(y * self.width + x) * 3..][..3];
                    is([pixel[0], pixel[1], pixel[2]])
                };
                match (inked, begin) {
                    (true, None) => begin = Some(x),
                    (false, Some(from)) => {
                        best = if x - from > best.1 - best.0 { (from, x) } else { best };
                        begin = None;
                    }
                    _ => {}
                }
            }
            let (left, right) = (best.0 as f64 / PIXELS, best.1 as f64 / PIXELS);
            if right - left < long {
                continue;
            }
            let (top, bottom) = (y as f64 / PIXELS, (y + 1) as f64 / PIXELS);
            match found.last_mut().filter(|last| top - last.bottom < 0.05) {
                Some(last) => last.bottom = bottom,
                None => found.push(Ink { top, bottom, left, right }),
            }
        }
        found
    }
}
