//! What the TOML parser finds wrong, said in Chinese: it speaks English, and whoever mends the file need not.

/// By the words its message begins with; the longer of two that fit stands first.
const KNOWN: &[(&str, &str)] = &[
    ("duplicate key", "同一个键写了两遍"),
    ("cannot extend value", "这个键已经有了值，不能再往里加"),
    ("invalid basic string", "文字的引号不成对，或者中间有不能直接写的字符"),
    ("invalid multi-line", "三引号的文字没有写完"),
    ("invalid literal string", "单引号的文字没有写完"),
    ("missing opening quote", "文字缺少前一个引号"),
    ("string values must be quoted", "文字要用英文引号括起来"),
    ("missing escaped value", "反斜线后面的写法不对；文字里的反斜线要写两个"),
    ("too few unicode value digits", "反斜线后面的字符编码不全"),
    ("missing value", "等号后面没有值"),
    ("key with no value", "这个键没有写等号和值"),
    ("invalid unquoted key", "键只能用英文字母、数字、下划线；等号、括号、引号要用英文的"),
    ("unquoted keys cannot be empty", "缺少键"),
    ("keys cannot be multi-line", "键不能用三引号"),
    ("missing key", "缺少键"),
    ("invalid key-value pair", "一行写一个“键 = 值”"),
    ("missing comma", "前一项后面少了逗号，或者括号、引号没有合上"),
    ("missing assignment", "键后面少了等号"),
    ("extra comma", "多了一个逗号"),
    ("extra assignment", "多了一个等号"),
    ("extra `=`", "多了一个等号"),
    ("unexpected `=`", "列表里不能写等号；要写“键 = 值”的，放在花括号里"),
    ("unclosed array table", "[[ ]] 的方括号没有合上"),
    ("unclosed array", "列表的方括号没有合上"),
    ("unclosed inline table", "花括号没有合上"),
    ("unclosed table", "[ ] 的方括号没有合上"),
    ("missing array opening", "缺少前一个方括号"),
    ("missing inline table opening", "缺少前一个花括号"),
    ("missing table open", "缺少前一个方括号"),
    ("invalid inline table element", "花括号里只能写“键 = 值”"),
    ("invalid comment character", "说明文字里有不能写的控制字符"),
    ("carriage return", "换行符不完整"),
    ("cannot recurse", "括号套得太深"),
    ("recursion limit", "括号套得太深"),
    ("integers with a radix", "数的写法不对"),
    ("radix must", "数的写法不对"),
    ("redundant", "数的写法不对"),
    ("`_` may only", "数的写法不对"),
    ("unexpected leading zero", "数的前面不写 0"),
    ("unexpected sign", "数的写法不对"),
    ("invalid date", "没有这一天，或者日期的写法不对；日期写成 2024-01-31"),
    ("invalid time", "时刻的写法不对；时刻写成 09:30:00"),
    ("invalid value", "值的写法不对"),
];

/// A message of the parser, in Chinese; the place says the rest where the words are not known. `rest` is the text from
/// that place on: of an empty value the parser says that it has no quotes.
pub(crate) fn chinese(message: &str, rest: &str) -> &'static str {
    if message.starts_with("string values") && rest.lines().next().is_none_or(|line| line.trim().is_empty()) {
        return "等号后面没有值";
    }
    KNOWN
        .iter()
        .find(|(english, _)| message.starts_with(english))
        .map_or("这里的写法不对", |(_, chinese)| chinese)
}

/// Whether the lines after it are misread too: a bracket or a quote is still open, and all that follows stands inside.
pub(crate) fn spills(message: &str) -> bool {
    ["missing comma", "unclosed", "invalid multi-line", "missing array", "missing inline", "missing table"]
        .iter()
        .any(|open| message.starts_with(open))
}
