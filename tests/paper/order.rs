//! The order in which the schema of Word documents (ECMA-376, part 1) wants children to stand; Word refuses files that have another.

use quick_xml::Reader;
use quick_xml::events::Event;

/// An element, and its children in their order. `|` between two: either, as often as wanted.
const ORDERS: &[(&str, &str)] = &[
    (
        "w:pPr",
        "w:pStyle w:keepNext w:keepLines w:pageBreakBefore w:framePr w:widowControl w:numPr w:suppressLineNumbers w:pBdr w:shd \
         w:tabs w:suppressAutoHyphens w:kinsoku w:wordWrap w:overflowPunct w:topLinePunct w:autoSpaceDE w:autoSpaceDN w:bidi \
         w:adjustRightInd w:snapToGrid w:spacing w:ind w:contextualSpacing w:mirrorIndents w:suppressOverlap w:jc w:textDirection \
         w:textAlignment w:textboxTightWrap w:outlineLvl w:divId w:cnfStyle w:rPr w:sectPr w:pPrChange",
    ),
    (
        "w:rPr",
        "w:rStyle w:rFonts w:b w:bCs w:i w:iCs w:caps w:smallCaps w:strike w:dstrike w:outline w:shadow w:emboss w:imprint \
         w:noProof w:snapToGrid w:vanish w:webHidden w:color w:spacing w:w w:kern w:position w:sz w:szCs w:highlight w:u w:effect \
         w:bdr w:shd w:fitText w:vertAlign w:rtl w:cs w:em w:lang w:eastAsianLayout w:specVanish w:oMath",
    ),
    (
        "w:tblPr",
        "w:tblStyle w:tblpPr w:tblOverlap w:bidiVisual w:tblStyleRowBandSize w:tblStyleColBandSize w:tblW w:jc w:tblCellSpacing \
         w:tblInd w:tblBorders w:shd w:tblLayout w:tblCellMar w:tblLook w:tblCaption w:tblDescription",
    ),
    (
        "w:tcPr",
        "w:cnfStyle w:tcW w:gridSpan w:hMerge w:vMerge w:tcBorders w:shd w:noWrap w:tcMar w:textDirection w:tcFitText w:vAlign \
         w:hideMark",
    ),
    (
        "w:sectPr",
        "w:headerReference|w:footerReference w:footnotePr w:endnotePr w:type w:pgSz w:pgMar w:paperSrc w:pgBorders w:lnNumType \
         w:pgNumType w:cols w:formProt w:vAlign w:noEndnote w:titlePg w:textDirection w:bidi w:rtlGutter w:docGrid",
    ),
    (
        "w:settings",
        "w:writeProtection w:view w:zoom w:removePersonalInformation w:embedTrueTypeFonts w:saveSubsetFonts w:mirrorMargins \
         w:attachedTemplate w:documentProtection w:defaultTabStop w:autoHyphenation w:evenAndOddHeaders \
         w:drawingGridHorizontalSpacing w:drawingGridVerticalSpacing w:characterSpacingControl w:strictFirstAndLastChars \
         w:noLineBreaksAfter w:noLineBreaksBefore w:updateFields w:footnotePr w:endnotePr w:compat w:docVars w:rsids \
         w:themeFontLang w:clrSchemeMapping w:decimalSymbol w:listSeparator",
    ),
    (
        "w:style",
        "w:name w:aliases w:basedOn w:next w:link w:autoRedefine w:hidden w:uiPriority w:semiHidden w:unhideWhenUsed w:qFormat \
         w:locked w:rsid w:pPr w:rPr w:tblPr w:trPr w:tcPr w:tblStylePr",
    ),
    ("w:styles", "w:docDefaults w:latentStyles w:style|w:style"),
    ("w:fonts", "w:font|w:font"),
    ("w:font", "w:altName w:panose1 w:charset w:family w:notTrueType w:pitch w:sig"),
    ("w:pBdr", "w:top w:left w:bottom w:right w:between w:bar"),
    ("w:tblBorders", "w:top w:left w:bottom w:right w:insideH w:insideV"),
    ("w:tblCellMar", "w:top w:left w:bottom w:right"),
    ("w:trPr", "w:cantSplit|w:trHeight|w:tblHeader"),
    ("w:tbl", "w:tblPr w:tblGrid w:tr|w:tr"),
    ("w:tblGrid", "w:gridCol|w:gridCol"),
    ("w:tr", "w:tblPrEx w:trPr w:tc|w:tc"),
    ("w:tc", "w:tcPr w:p|w:tbl"),
    ("w:p", "w:pPr w:r|w:hyperlink|w:bookmarkStart|w:bookmarkEnd"),
    ("w:r", "w:rPr w:t|w:br|w:tab|w:fldChar|w:instrText|w:drawing|mc:AlternateContent"),
    ("w:body", "w:p|w:tbl w:sectPr"),
    ("w:txbxContent", "w:p|w:tbl"),
    ("wp:inline", "wp:extent wp:effectExtent wp:docPr wp:cNvGraphicFramePr a:graphic"),
    (
        "wp:anchor",
        "wp:simplePos wp:positionH wp:positionV wp:extent wp:effectExtent wp:wrapNone|wp:wrapSquare|wp:wrapTopAndBottom wp:docPr \
         wp:cNvGraphicFramePr a:graphic",
    ),
    ("wps:wsp", "wps:cNvPr wps:cNvSpPr wps:spPr wps:style wps:txbx wps:bodyPr"),
    ("mc:AlternateContent", "mc:Choice|mc:Choice mc:Fallback"),
];

/// What must be there: of an element, a child.
const NEEDED: &[(&str, &str)] = &[
    ("w:tbl", "w:tblPr"),
    ("w:tbl", "w:tblGrid"),
    ("w:tr", "w:tc"),
    ("w:tc", "w:p"),
    ("w:body", "w:sectPr"),
    ("wp:anchor", "wp:extent"),
    ("wp:inline", "wp:extent"),
];

/// What of a part of a document is not as the schema wants it, each once.
pub fn wrong(part: &str, xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let (mut open, mut found): (Vec<Open>, Vec<String>) = (Vec::new(), Vec::new());
    let mut note = |text: String| {
        if !found.contains(&text) {
            found.push(text);
        }
    };
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let name = tag.name().as_ref().to_owned();
                if let Some(parent) = open.last_mut() {
                    parent.take(&name).into_iter().for_each(&mut note);
                }
                open.push(Open { name, at: 0, children: Vec::new() });
            }
            Ok(Event::Empty(tag)) => {
                let name = tag.name().as_ref().to_owned();
                if let Some(parent) = open.last_mut() {
                    parent.take(&name).into_iter().for_each(&mut note);
                }
            }
            Ok(Event::End(_)) => open.pop().unwrap().ended().into_iter().for_each(&mut note),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                note(format!("not XML: {error}"));
                break;
            }
        }
    }
    if !open.is_empty() {
        note(format!("{} is not closed", open[0].name));
    }
    found.into_iter().map(|text| format!("{part}: {text}")).collect()
}

struct Open {
    name: String,
    /// How far in the order of its children it is.
    at: usize,
    children: Vec<String>,
}

impl Open {
    fn take(&mut self, child: &str) -> Option<String> {
        let before = self.children.last().cloned().unwrap_or_default();
        self.children.push(child.to_owned());
        let (_, order) = ORDERS.iter().find(|(name, _)| *name == self.name)?;
        let groups: Vec<&str> = order.split_whitespace().collect();
        let Some(at) = groups.iter().position(|group| group.split('|').any(|one| one == child)) else {
            return Some(format!("{} has no child {child}", self.name));
        };
        let again = at + 1 == self.at && !groups[at].contains('|');
        if at + 1 < self.at || again {
            return Some(format!("in {} {child} stands behind {before}", self.name));
        }
        self.at = at + 1;
        None
    }

    fn ended(&self) -> Vec<String> {
        let lacks =
            |(parent, child): &&(&str, &str)| *parent == self.name && !self.children.iter().any(|one| one == child);
        let mut found: Vec<String> =
            NEEDED.iter().filter(lacks).map(|(parent, child)| format!("{parent} without {child}")).collect();
        if self.name == "w:tc" && self.children.last().is_some_and(|last| last != "w:p") {
            found.push("a cell does not end with a paragraph".to_owned());
        }
        found
    }
}

#[track_caller]
fn check(xml: &str, expect: &[&str]) {
    assert_eq!(wrong("a.xml", xml), expect);
}

#[test]
fn the_checker_knows_right_from_wrong() {
    check("<w:p><w:pPr><w:spacing/><w:jc/></w:pPr><w:r><w:t>a</w:t></w:r></w:p>", &[]);
    check("<w:pPr><w:jc/><w:spacing/></w:pPr>", &["a.xml: in w:pPr w:spacing stands behind w:jc"]);
    check("<w:rPr><w:b/><w:b/></w:rPr>", &["a.xml: in w:rPr w:b stands behind w:b"]);
    check("<w:rPr><w:bold/></w:rPr>", &["a.xml: w:rPr has no child w:bold"]);
    check("<w:tc><w:p/><w:tbl><w:tblPr/><w:tblGrid/></w:tbl></w:tc>", &["a.xml: a cell does not end with a paragraph"]);
    check("<w:p><w:r>", &["a.xml: w:p is not closed"]);
}
