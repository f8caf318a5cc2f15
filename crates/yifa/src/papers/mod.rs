//! Papers (公文、文书): what is printed, signed and sent, derived from entries and nothing else.

pub mod annual;
pub mod press;
pub mod record;

/// The media type of a Word document.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// The media type of a PDF.
pub const PDF: &str = "application/pdf";

/// A title as the name of a file on every system.
pub fn file_name(title: &str) -> String {
    title.chars().map(|c| if r#"\/:*?"<>|"#.contains(c) || c.is_control() { '_' } else { c }).take(80).collect()
}
