//! The parts a report must have by law (法定组成部分), as data for the check of other people's texts.

use crate::lint::Part;
use crate::read::{At, Table};

/// Reads every `[[part]]`.
pub fn read(table: &mut Table<'_>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for mut inner in table.tables("part") {
        let id = inner.need_text("id");
        if parts.iter().any(|part| part.id == id.value) {
            inner.note(7, id.span.clone(), format!("组成部分“{}”重复", id.value), "请改名，或者合并成一个");
        }
        if !inner.has("heading") {
            inner.missing("heading");
        }
        let body = texts(inner.texts("body"));
        // The words looked for are no message; a person has to be told what they stand for.
        let body_title = if body.is_empty() {
            inner.text("body_title").map(|at| at.value)
        } else {
            Some(inner.need_text("body_title").value)
        };
        parts.push(Part {
            id: id.value,
            title: inner.need_text("title").value,
            basis: inner.need_text("basis").value,
            heading: texts(inner.texts("heading")),
            body,
            body_title: body_title.unwrap_or_default(),
            closing: inner.flag("closing"),
            rest: inner.flag("rest"),
        });
        inner.finish();
    }
    parts
}

fn texts(list: Vec<At<String>>) -> Vec<String> {
    list.into_iter().map(|at| at.value).collect()
}
