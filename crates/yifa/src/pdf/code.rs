//! Which characters the codes of a font stand for, as the file itself says (ToUnicode).

use std::collections::BTreeMap;

use lopdf::Object;
use lopdf::content::Content;
use unicode_normalization::UnicodeNormalization;

/// The most codes a table names: as many as two bytes can say.
const MOST_CODES: usize = 1 << 16;

/// A table from codes to characters.
#[derive(Default)]
pub struct Codes {
    /// By how many bytes the code has and its value.
    known: BTreeMap<(usize, u32), String>,
    /// How many bytes the shortest code has; none where no range of codes is named.
    shortest: Option<usize>,
}

impl Codes {
    /// Reads a table. It is written as operands before operators, like a page; what cannot be read is left out.
    pub fn read(table: &[u8]) -> Codes {
        let mut codes = Codes::default();
        for operation in Content::decode_iter(table).map_while(Result::ok) {
            let operands = &operation.operands;
            match operation.operator.as_str() {
                "endcodespacerange" => {
                    let lengths = operands.iter().filter_map(bytes).map(<[u8]>::len).filter(|length| *length > 0);
                    codes.shortest = codes.shortest.into_iter().chain(lengths).min();
                }
                "endbfchar" => operands.chunks_exact(2).for_each(|pair| codes.one(&pair[0], &pair[1])),
                "endbfrange" => {
                    operands.chunks_exact(3).for_each(|range| codes.range(&range[0], &range[1], &range[2]));
                }
                _ => {}
            }
        }
        codes
    }

    fn one(&mut self, code: &Object, to: &Object) {
        if let (Some(code), Some(to)) = (bytes(code), bytes(to)) {
            self.put(code.len(), value(code), utf16(to));
        }
    }

    fn range(&mut self, from: &Object, to: &Object, target: &Object) {
        let (Some(first), Some(last)) = (bytes(from), bytes(to)) else { return };
        let length = first.len();
        // A range as wide as all codes of four bytes would fill the memory.
        let codes = (value(first)..=value(last)).take(MOST_CODES);
        match target {
            Object::Array(each) => codes.zip(each).for_each(|(code, to)| {
                if let Some(to) = bytes(to) {
                    self.put(length, code, utf16(to));
                }
            }),
            _ => {
                let Some((last, before)) =
                    bytes(target).and_then(|to| to.split_last_chunk::<2>().map(|(b, l)| (*l, b)))
                else {
                    return;
                };
                for (nth, code) in codes.enumerate() {
                    let unit = u16::from_be_bytes(last).wrapping_add(u16::try_from(nth).unwrap_or(0));
                    self.put(length, code, utf16(&[before, &unit.to_be_bytes()].concat()));
                }
            }
        }
    }

    fn put(&mut self, length: usize, code: u32, to: String) {
        if self.known.len() < MOST_CODES {
            self.known.insert((length, code), to);
        }
    }

    /// Whether nothing is named.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Whether its codes have one byte.
    pub fn is_single(&self) -> bool {
        self.shortest.unwrap_or_else(|| self.known.keys().map(|(length, _)| *length).min().unwrap_or(1)) == 1
    }

    /// The characters of a code of so many bytes. A table may name codes by more bytes than the words use.
    pub fn get(&self, length: usize, code: u32) -> Option<&str> {
        let of = |length| self.known.get(&(length, code)).map(String::as_str);
        of(length).or_else(|| (1..=4).find_map(of))
    }
}

fn bytes(object: &Object) -> Option<&[u8]> {
    object.as_str().ok().filter(|bytes| !bytes.is_empty())
}

fn value(code: &[u8]) -> u32 {
    code.iter().take(4).fold(0, |value, byte| value << 8 | u32::from(*byte))
}

fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    char::decode_utf16(units).map(|one| one.unwrap_or(char::REPLACEMENT_CHARACTER)).flat_map(usual).collect()
}

/// A character as it is written in texts: some programs name a radical or a form for compatibility that looks the same.
fn usual(one: char) -> impl Iterator<Item = char> {
    let alike = matches!(one, '\u{2f00}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' | '\u{fb00}'..='\u{fb06}');
    let other = alike.then(|| std::iter::once(one).nfkc());
    let of_radical = || RADICALS.chars().skip_while(move |radical| *radical != one).nth(1);
    let one = if matches!(one, '\u{2e80}'..='\u{2eff}') { of_radical().unwrap_or(one) } else { one };
    (!alike).then_some(one).into_iter().chain(other.into_iter().flatten())
}

/// Radicals that stand as characters of their own, each before that character. Unicode says so in
/// EquivalentUnifiedIdeograph.txt and nowhere in its decompositions.
const RADICALS: &str = "\
    ⺁厂⺊卜⺌小⺎兀⺒巳⺓幺⺝月⺟母⺠民⺬示⺮竹⺷羊⺻聿⺼肉⻁虎⻄西⻅见⻆角⻉贝⻊足⻋车⻑長⻓长⻔门⻗雨⻘青\
    ⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻳龟";

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(table: &str, code: (usize, u32), expect: Option<&str>) {
        assert_eq!(Codes::read(table.as_bytes()).get(code.0, code.1), expect);
    }

    #[test]
    fn codes_are_looked_up_as_the_table_names_them() {
        let table = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n\
            /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
            1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
            2 beginbfchar <0001> <4E61> <0002> <D87EDC04> endbfchar\n\
            3 beginbfrange <0010> <0012> <0030> <0020> <0021> [<4E00> <00660069>] <0030> <0030> <2F00> endbfrange\n\
            endcmap CMapName currentdict /CMap defineresource pop end end";
        check(table, (2, 1), Some("乡"));
        check(table, (2, 2), Some("\u{2f804}"));
        check(table, (2, 0x12), Some("2"));
        check(table, (2, 0x20), Some("一"));
        check(table, (2, 0x21), Some("fi"));
        check(table, (2, 0x30), Some("一"));
        check(table, (2, 0x99), None);
        check("1 beginbfchar <01> <2EA02EDB2EDA> endbfchar", (1, 1), Some("民风页"));
    }

    #[test]
    fn a_range_of_all_codes_fills_no_memory() {
        let codes = Codes::read(b"1 beginbfrange <00000000> <FFFFFFFF> <0000> endbfrange");
        assert_eq!(codes.known.len(), MOST_CODES);
    }
}
