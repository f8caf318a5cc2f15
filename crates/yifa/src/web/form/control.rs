//! How a field stands in a form: the name of its control, and which control it is (控件).

use engine::definition::{ANY, Field, FieldType};

/// The name of a field's control. Files go by another, so that none is taken for a text.
pub fn name(field: &Field) -> String {
    match field.kind {
        FieldType::File => format!("k.{}", field.id.value),
        _ => format!("f.{}", field.id.value),
    }
}

/// The name of the control by which files come in.
pub fn upload(id: &str) -> String {
    format!("u.{id}")
}

/// The id of the place of a field in the page.
pub fn anchor(id: &str) -> String {
    format!("field-{id}")
}

/// What a text is called that takes a few words; every other may take many.
const SHORT: [&str; 26] = [
    "号",
    "名称",
    "姓名",
    "电话",
    "地点",
    "单位",
    "机关",
    "机构",
    "村",
    "职务",
    "职位",
    "网址",
    "称呼",
    "案由",
    "时间",
    "县",
    "省",
    "联系方式",
    "小组",
    "法院",
    "事务所",
    "代码",
    "简称",
    "联系人",
    "标题",
    "项目",
];

/// Whether a text wants several lines: by what it is for, as its definition calls it.
pub fn is_long(field: &Field) -> bool {
    let short = matches!(field.id.value.as_str(), "title" | "name") || field.number.is_some();
    field.kind == FieldType::Text && !short && !SHORT.iter().any(|word| field.title.ends_with(word))
}

/// At most so many are offered one beside the other.
pub const FEW: usize = 6;
/// At most so many are offered in a list; of more, the newest are suggested.
pub const SOME: usize = 60;

/// Whether a field refers to records of one register, so that they can be offered.
pub fn refers(field: &Field) -> Option<&str> {
    field.kind.register().filter(|register| *register != ANY)
}
