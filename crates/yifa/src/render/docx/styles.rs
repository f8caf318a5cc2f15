//! The styles of official paper: which face and size each kind of paragraph has, 28.95 pt from line to line.

use super::{DECLARATION, W};

/// 仿宋, 黑体, 楷体, 小标宋, 宋体 as offices have them, each with what may stand in for it.
const FACES: &[(&str, &str)] = &[
    ("仿宋_GB2312", "仿宋,FangSong,FangSong_GB2312,FandolFang R,Noto Serif CJK SC"),
    ("黑体", "SimHei,FandolHei,Noto Sans CJK SC"),
    ("楷体_GB2312", "楷体,KaiTi,KaiTi_GB2312,FandolKai,LXGW WenKai"),
    ("方正小标宋_GBK", "方正小标宋简体,FZXiaoBiaoSong-B05S,FandolSong,Noto Serif CJK SC"),
    ("宋体", "SimSun,FandolSong,Noto Serif CJK SC"),
];

const FANGSONG: &str = FACES[0].0;
const HEITI: &str = FACES[1].0;
const KAITI: &str = FACES[2].0;
const TITLE: &str = FACES[3].0;
const SONGTI: &str = FACES[4].0;

/// The face of a red head, for runs that set it themselves.
pub const HEAD_FACE: &str = TITLE;
/// The face of names of those who sign off.
pub const NAME_FACE: &str = KAITI;
/// The face of labels.
pub const LABEL_FACE: &str = HEITI;

/// `w:rFonts` of one face for all scripts.
pub fn face(name: &str) -> String {
    format!("<w:rFonts w:ascii=\"{name}\" w:eastAsia=\"{name}\" w:hAnsi=\"{name}\" w:cs=\"{name}\"/>")
}

/// `word/styles.xml`. Sizes are half points, lengths twentieths of a point.
pub fn styles() -> String {
    // 16 pt set 15.75 pt apart: 28 to a line of 156 mm.
    let body = format!(
        "{}<w:spacing w:val=\"-5\"/><w:kern w:val=\"0\"/><w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/><w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/>",
        face(FANGSONG)
    );
    let exact = |line: u32| format!("<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"{line}\" w:lineRule=\"exact\"/>");
    // No blank between Chinese and Latin, and no mark hangs out of the line. Word does as it is told; LibreOffice does not read
    // the two of blanks and takes the one of marks for its opposite.
    let plain = "<w:kinsoku/><w:wordWrap/><w:overflowPunct w:val=\"0\"/><w:autoSpaceDE w:val=\"0\"/><w:autoSpaceDN w:val=\"0\"/><w:snapToGrid w:val=\"0\"/>";
    let indent = "<w:ind w:firstLineChars=\"200\" w:firstLine=\"630\"/>";
    let mut all = format!(
        "<w:docDefaults><w:rPrDefault><w:rPr>{body}</w:rPr></w:rPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/><w:pPr>{plain}{}<w:jc w:val=\"both\"/></w:pPr></w:style>\
         <w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/><w:uiPriority w:val=\"99\"/><w:semiHidden/><w:unhideWhenUsed/>\
         <w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/><w:tblCellMar><w:top w:w=\"0\" w:type=\"dxa\"/><w:left w:w=\"100\" w:type=\"dxa\"/><w:bottom w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"100\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>",
        exact(579)
    );
    let mut style = |id: &str, name: &str, paragraph: String, look: String| {
        let look = if look.is_empty() { look } else { format!("<w:rPr>{look}</w:rPr>") };
        all.push_str(&format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"Normal\"/><w:qFormat/><w:pPr>{paragraph}</w:pPr>{look}</w:style>"
        ));
    };
    let size = |half: u32| format!("<w:spacing w:val=\"0\"/><w:sz w:val=\"{half}\"/><w:szCs w:val=\"{half}\"/>");
    style("Prose", "正文缩进两字", indent.to_owned(), String::new());
    for (level, (id, face_of)) in
        [("Heading1", HEITI), ("Heading2", KAITI), ("Heading3", FANGSONG)].into_iter().enumerate()
    {
        let paragraph = format!("<w:keepNext/>{indent}<w:outlineLvl w:val=\"{level}\"/>");
        style(id, &format!("heading {}", level + 1), paragraph, face(face_of));
    }
    style("Title", "Title", format!("{}<w:jc w:val=\"center\"/>", exact(720)), face(TITLE) + &size(44));
    style("Cover", "卷名", format!("{}<w:jc w:val=\"center\"/>", exact(1200)), face(TITLE) + &size(72));
    style("Mark", "附件字样", String::new(), face(HEITI));
    style("Cell", "表格", format!("{}<w:jc w:val=\"left\"/>", exact(400)), size(24));
    style("Label", "表格标签", format!("{}<w:jc w:val=\"center\"/>", exact(400)), face(HEITI) + &size(24));
    style("Dense", "密排表格", format!("{}<w:jc w:val=\"left\"/>", exact(280)), size(21));
    style("DenseLabel", "密排表格标签", format!("{}<w:jc w:val=\"center\"/>", exact(280)), face(HEITI) + &size(21));
    style("Small", "注释", format!("{}<w:jc w:val=\"left\"/>", exact(400)), size(24));
    style(
        "Imprint",
        "版记",
        format!("{}<w:ind w:left=\"280\" w:right=\"280\"/><w:jc w:val=\"left\"/>", exact(480)),
        size(28),
    );
    style("Folio", "页码", exact(280), face(SONGTI) + &size(28));
    style("Sign", "签名处", format!("{}<w:jc w:val=\"left\"/>", exact(579)), size(28));
    format!("{DECLARATION}<w:styles xmlns:w=\"{W}\">{all}</w:styles>")
}

/// `word/fontTable.xml`
pub fn fonts() -> String {
    let one = |(name, others): &(&str, &str)| {
        format!(
            "<w:font w:name=\"{name}\"><w:altName w:val=\"{others}\"/><w:charset w:val=\"86\"/><w:family w:val=\"auto\"/><w:pitch w:val=\"variable\"/></w:font>"
        )
    };
    let all: String = FACES.iter().map(one).collect();
    format!("{DECLARATION}<w:fonts xmlns:w=\"{W}\">{all}</w:fonts>")
}
