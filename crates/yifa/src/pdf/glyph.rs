//! Where the characters of a page stand, by running through what draws it.

use std::collections::HashMap;
use std::rc::Rc;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::font::{Font, number, unpacked};
use super::{LARGEST_PART, MOST_WORDS, Unread};

/// How deep what is drawn may stand in what is drawn.
const DEEPEST: usize = 8;
/// The most operations of one file: each of a million characters placed by itself.
const MOST_OPERATIONS: usize = 10_000_000;
/// How deep the state may be put aside.
const MOST_STATES: usize = 256;

/// A character on a page, upright as the page is looked at; in points, upwards and to the right.
pub struct Glyph {
    /// What it says: mostly one character.
    pub text: String,
    /// Where it begins.
    pub x: f64,
    /// The line it stands on.
    pub y: f64,
    /// Where it ends.
    pub end: f64,
    /// How large it is.
    pub size: f64,
}

impl Glyph {
    /// Whether nothing is seen of it.
    pub fn is_blank(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }

    /// Whether the file does not say which character it is.
    pub fn is_unspelled(&self) -> bool {
        self.text.contains(char::REPLACEMENT_CHARACTER)
    }
}

/// A page.
pub struct Page {
    /// Its characters, in the order they are drawn.
    pub glyphs: Vec<Glyph>,
    /// How wide it is, in points.
    pub width: f64,
    /// There is a picture on it.
    pub picture: bool,
}

/// `[a b c d e f]`, as PDF writes it.
#[derive(Clone, Copy)]
struct Matrix([f64; 6]);

impl Matrix {
    const UNIT: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// What comes of `self` first and `then` after it.
    fn then(self, then: Matrix) -> Matrix {
        let (Matrix([a, b, c, d, e, f]), Matrix([g, h, i, j, k, l])) = (self, then);
        let [x, y] = [e * g + f * i + k, e * h + f * j + l];
        Matrix([a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, x, y])
    }

    fn moved(x: f64, y: f64) -> Matrix {
        Matrix([1.0, 0.0, 0.0, 1.0, x, y])
    }

    fn read(numbers: &[f64]) -> Option<Matrix> {
        Some(Matrix(numbers.try_into().ok()?))
    }
}

#[derive(Clone)]
struct State<'d> {
    page: Matrix,
    font: Option<Rc<Font<'d>>>,
    size: f64,
    between: f64,
    between_words: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

/// Reads pages of one document.
pub struct Reader<'d> {
    document: &'d Document,
    fonts: HashMap<ObjectId, Rc<Font<'d>>>,
    operations: usize,
    words: usize,
}

impl<'d> Reader<'d> {
    /// Begins a document.
    pub fn new(document: &'d Document) -> Reader<'d> {
        Reader { document, fonts: HashMap::new(), operations: 0, words: 0 }
    }

    /// The characters of a page.
    pub fn page(&mut self, id: ObjectId) -> Result<Page, Unread> {
        let inherited = |key: &[u8]| {
            let mut at = self.document.get_dictionary(id).ok()?;
            for _ in 0..64 {
                if let Ok(found) = at.get_deref(key, self.document) {
                    return Some(found);
                }
                at = at.get_deref(b"Parent", self.document).ok()?.as_dict().ok()?;
            }
            None
        };
        let frame = inherited(b"CropBox").or_else(|| inherited(b"MediaBox"));
        let [left, low, right, high] = frame.and_then(|frame| self.numbers(frame)).unwrap_or([0.0, 0.0, 595.0, 842.0]);
        let turned = inherited(b"Rotate").and_then(|turned| turned.as_i64().ok()).unwrap_or(0).rem_euclid(360);
        let (width, upright) = match turned {
            90 => (high - low, Matrix([0.0, -1.0, 1.0, 0.0, -low, right])),
            180 => (right - left, Matrix([-1.0, 0.0, 0.0, -1.0, right, high])),
            270 => (high - low, Matrix([0.0, 1.0, -1.0, 0.0, high, -left])),
            _ => (right - left, Matrix::moved(-left, -low)),
        };
        let resources = inherited(b"Resources").and_then(|resources| resources.as_dict().ok());
        let content = match self.document.get_page_content_with_limit(id, LARGEST_PART) {
            Ok(content) => content,
            Err(_) => return Err(Unread::TooLarge),
        };
        let mut page = Page { glyphs: Vec::new(), width: width.abs(), picture: false };
        let state = State {
            page: upright,
            font: None,
            size: 0.0,
            between: 0.0,
            between_words: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        self.run(&content, resources, state, 0, &mut page)?;
        Ok(page)
    }

    fn run(
        &mut self,
        content: &[u8],
        resources: Option<&'d Dictionary>,
        mut state: State<'d>,
        depth: usize,
        page: &mut Page,
    ) -> Result<(), Unread> {
        let mut aside: Vec<State<'d>> = Vec::new();
        let (mut text, mut line) = (Matrix::UNIT, Matrix::UNIT);
        for operation in Content::decode_iter(content).map_while(Result::ok) {
            self.operations += 1;
            if self.operations > MOST_OPERATIONS || self.words > MOST_WORDS {
                return Err(Unread::TooLarge);
            }
            let Operation { operator, operands } = operation;
            let numbers: Vec<f64> = operands
                .iter()
                .filter_map(|one| one.as_float().ok())
                .map(f64::from)
                .filter(|one| one.is_finite())
                .collect();
            let first = numbers.first().copied();
            match operator.as_str() {
                "q" if aside.len() < MOST_STATES => aside.push(state.clone()),
                "Q" => state = aside.pop().unwrap_or(state),
                "cm" => {
                    if let Some(matrix) = Matrix::read(&numbers) {
                        state.page = matrix.then(state.page);
                    }
                }
                "BT" => (text, line) = (Matrix::UNIT, Matrix::UNIT),
                "Tf" => {
                    state.font = operands.first().and_then(|name| self.font(resources?, name.as_name().ok()?));
                    state.size = first.unwrap_or(0.0);
                }
                "Tc" => state.between = first.unwrap_or(0.0),
                "Tw" => state.between_words = first.unwrap_or(0.0),
                "Tz" => state.stretch = first.unwrap_or(100.0) / 100.0,
                "TL" => state.leading = first.unwrap_or(0.0),
                "Ts" => state.rise = first.unwrap_or(0.0),
                "Tm" => {
                    line = Matrix::read(&numbers).unwrap_or(line);
                    text = line;
                }
                "Td" | "TD" => {
                    if let [x, y] = numbers[..] {
                        if operator == "TD" {
                            state.leading = -y;
                        }
                        line = Matrix::moved(x, y).then(line);
                        text = line;
                    }
                }
                "T*" | "'" | "\"" => {
                    if let (Some([between_words, between]), "\"") = (numbers.first_chunk(), operator.as_str()) {
                        (state.between_words, state.between) = (*between_words, *between);
                    }
                    line = Matrix::moved(0.0, -state.leading).then(line);
                    text = line;
                    self.show(operands.last(), &state, &mut text, page);
                }
                "Tj" => self.show(operands.last(), &state, &mut text, page),
                "TJ" => {
                    for piece in operands.first().and_then(|all| all.as_array().ok()).into_iter().flatten() {
                        match piece.as_float() {
                            Ok(back) => {
                                let x = -f64::from(back) / 1000.0 * state.size * state.stretch;
                                text = Matrix::moved(x, 0.0).then(text);
                            }
                            Err(_) => self.show(Some(piece), &state, &mut text, page),
                        }
                    }
                }
                "BI" => page.picture = true,
                "Do" => {
                    let named = |name: &[u8]| self.within(resources?, b"XObject")?.get_deref(name, self.document).ok();
                    let drawn = operands.first().and_then(|name| named(name.as_name().ok()?)?.as_stream().ok());
                    if let Some(drawn) = drawn {
                        self.drawn(drawn, resources, &state, depth, page)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What is drawn by its name: a picture, or a drawing with words of its own.
    fn drawn(
        &mut self,
        stream: &'d Stream,
        resources: Option<&'d Dictionary>,
        state: &State<'d>,
        depth: usize,
        page: &mut Page,
    ) -> Result<(), Unread> {
        match stream.dict.get(b"Subtype").and_then(Object::as_name) {
            Ok(b"Image") => page.picture = true,
            Ok(b"Form") if depth < DEEPEST => {
                let own = self.within(&stream.dict, b"Resources");
                let matrix = stream.dict.get(b"Matrix").ok().and_then(|matrix| self.numbers(matrix)).map(Matrix);
                let mut state = state.clone();
                state.page = matrix.unwrap_or(Matrix::UNIT).then(state.page);
                let content = unpacked(stream).unwrap_or_default();
                self.run(&content, own.or(resources), state, depth + 1, page)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn show(&mut self, bytes: Option<&Object>, state: &State<'d>, text: &mut Matrix, page: &mut Page) {
        let (Some(font), Some(Ok(bytes))) = (&state.font, bytes.map(Object::as_str)) else { return };
        for shown in font.shown(bytes) {
            let scale = Matrix([state.size * state.stretch, 0.0, 0.0, state.size, 0.0, state.rise]);
            let Matrix([a, b, c, d, x, y]) = scale.then(*text).then(state.page);
            let size = c.hypot(d);
            let spacing = state.between + if shown.space { state.between_words } else { 0.0 };
            *text = Matrix::moved((shown.width * state.size + spacing) * state.stretch, 0.0).then(*text);
            // What stands askew is a watermark or a stamp, and what is upside down no line of the text.
            let upright = a > 0.0 && b.abs() < a / 10.0 && d > 0.0 && size > 0.5;
            if upright && x.is_finite() && y.is_finite() && shown.text.chars().all(|one| !one.is_control()) {
                page.glyphs.push(Glyph { text: shown.text, x, y, end: x + a * shown.width, size });
                self.words += 1;
            }
        }
    }

    fn font(&mut self, resources: &'d Dictionary, name: &[u8]) -> Option<Rc<Font<'d>>> {
        let named = self.within(resources, b"Font")?.get(name).ok()?;
        let id = named.as_reference().ok();
        if let Some(known) = id.and_then(|id| self.fonts.get(&id)) {
            return Some(Rc::clone(known));
        }
        let dict = self.document.dereference(named).ok()?.1.as_dict().ok()?;
        let font = Rc::new(Font::read(self.document, dict));
        if let Some(id) = id {
            self.fonts.insert(id, Rc::clone(&font));
        }
        Some(font)
    }

    fn within(&self, dict: &'d Dictionary, key: &[u8]) -> Option<&'d Dictionary> {
        dict.get_deref(key, self.document).ok()?.as_dict().ok()
    }

    fn numbers<const N: usize>(&self, list: &Object) -> Option<[f64; N]> {
        let (_, list) = self.document.dereference(list).ok()?;
        let numbers: Vec<f64> = list.as_array().ok()?.iter().filter_map(|one| number(self.document, one)).collect();
        numbers.try_into().ok()
    }
}
