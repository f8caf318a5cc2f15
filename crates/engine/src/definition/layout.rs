//! Where the files of a set belong (目录).

use crate::problem::Problem;
use crate::read::nearest;

/// The folders of a set, and the endings of the files in each.
const FOLDERS: &[(&str, &[&str])] = &[
    ("registers", &["toml"]),
    ("catalogues", &["toml"]),
    ("parameters", &["toml"]),
    ("figures", &["toml"]),
    ("checks", &["toml"]),
    ("imports", &["toml"]),
    ("papers", &["toml"]),
    ("statements", &["toml"]),
    ("reports", &["md", "toml"]),
    ("calendar", &["toml"]),
    ("cases", &["toml"]),
    ("laws", &["toml"]),
];

/// What is wrong with where a file lies in a site's folder. What nobody reads must not be taken for checked.
pub fn misplaced(path: &str) -> Option<Problem> {
    let names: Vec<&str> = FOLDERS.iter().map(|folder| folder.0).collect();
    let inside = path.strip_prefix("definitions/").unwrap_or(path);
    let (folder, rest) = inside.split_once('/').unwrap_or(("", inside));
    let list = names.join("、");
    let (text, remedy) = match FOLDERS.iter().find(|one| one.0 == folder) {
        None if inside == "set.toml" => return None,
        Some((_, endings)) if endings.iter().any(|ending| rest.ends_with(&format!(".{ending}"))) => return None,
        Some((name, endings)) => {
            let endings: Vec<String> = endings.iter().map(|ending| format!(".{ending}")).collect();
            let text = format!("目录 {name} 里只放 {} 文件，这个文件不会被读到", endings.join("、"));
            (text, "请改正文件名的结尾；不是定义的，移到这个目录之外".to_owned())
        }
        None if folder.is_empty() => {
            let near = nearest(inside, &["set.toml"]).map_or_else(String::new, |near| format!("，是不是想写“{near}”"));
            let text = "这个文件不在任何一个定义目录里，不会被读到".to_owned();
            (text, format!("请放进 {list} 之一{near}；不是定义的，移到外面"))
        }
        None => {
            let inner = rest.split('/').rev().skip(1).find(|part| names.contains(part));
            let remedy = match (nearest(folder, &names), inner) {
                (Some(near), _) => format!("是不是想写“{near}”"),
                (None, Some(_)) => format!("多套了一层目录，请指到里面的“{folder}”"),
                (None, None) => format!("定义目录有 {list}；不是定义的，移到外面"),
            };
            (format!("没有“{folder}”这个定义目录，里面的文件不会被读到"), remedy)
        }
    };
    Some(Problem::new(17, text, remedy).at(path, 0..0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_where_nobody_reads_is_named_with_the_nearest_folder() {
        let cases = [
            ("registers/well.toml", ""),
            ("definitions/registers/well.toml", ""),
            ("laws/井.toml", ""),
            ("reports/annual.md", ""),
            ("set.toml", ""),
            ("registrs/well.toml", "是不是想写“registers”"),
            ("site/registers/well.toml", "多套了一层目录，请指到里面的“site”"),
            (
                "旧/well.toml",
                "定义目录有 registers、catalogues、parameters、figures、checks、imports、papers、statements、reports、calendar、cases、laws；不是定义的，移到外面",
            ),
            ("registers/well.tml", "请改正文件名的结尾；不是定义的，移到这个目录之外"),
            (
                "sett.toml",
                "请放进 registers、catalogues、parameters、figures、checks、imports、papers、statements、reports、calendar、cases、laws 之一，是不是想写“set.toml”；不是定义的，移到外面",
            ),
        ];
        for (path, remedy) in cases {
            let found = misplaced(path);
            assert_eq!(found.map_or(String::new(), |problem| problem.remedy), remedy, "{path}");
        }
    }
}
