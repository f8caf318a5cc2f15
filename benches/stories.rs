//! The stories of a made-up township: what happens, on which days, and what is written down of it.

use engine::day::Day;
use engine::value::Value;
use yifa::append::Draft;

use super::{Town, list, text};

/// A step of a story: how many days on, which, and its fields.
type Told = (i32, &'static str, Vec<(&'static str, Value)>);

impl Town {
    /// A mediation case from registering to filing.
    pub fn case(&mut self, day: Day) -> Vec<(Day, Draft)> {
        let record = self.id(day);
        let nth = self.seed.below(7) as usize;
        let (committee, village) = (self.committees[nth].clone(), self.villages[nth].clone());
        let mediator = self.mediators[nth * 3 + self.seed.below(3) as usize].clone();
        let dispute = self.seed.of(&["family", "neighbour", "forest_land", "damage", "contract", "housing"]);
        let origin = self.seed.of(&["party", "committee", "police"]);
        let session = 3 + self.seed.below(5) as i32;
        let end = session + 1 + self.seed.below(18) as i32;
        let on = |n: i32| day.plus_days(n).unwrap();
        let mut steps: Vec<Told> = vec![
            (
                0,
                "register",
                vec![
                    ("committee", text(&committee)),
                    ("origin", text(origin)),
                    ("villages", list(&[&village])),
                    ("dispute", text(dispute)),
                    ("~parties", list(&["赵某甲", "钱某乙"])),
                    ("~facts", text("双方因界址、相邻通行和砍伐发生争执，各执一词")),
                ],
            ),
            (1, "assign", vec![("mediators", list(&[&mediator])), ("chosen_by", text("committee"))]),
            (
                2,
                "tell_rights",
                vec![("way", text("oral")), ("told", list(&["nature", "principle", "effect", "rights", "duties"]))],
            ),
            (
                session,
                "session",
                vec![("public", Value::Bool(true)), ("~account", text("到场查看，分头劝说，逐项核对"))],
            ),
        ];
        if self.seed.below(20) == 0 {
            let told = list(&["arbitration", "judicial"]);
            steps.push((end, "fail", vec![("reason", text("no_agreement")), ("told", told)]));
        } else {
            let yes = Value::Bool(true);
            let amount = Value::Int(self.seed.below(50_000) as i64 * 100);
            let by = on(end + 10).to_string();
            steps.push((
                end,
                "agree",
                vec![
                    ("form", text("written")),
                    ("~content", text("以现有石坎为界，互不追究")),
                    ("signed_parties", yes.clone()),
                    ("signed_mediator", yes.clone()),
                    ("sealed", yes.clone()),
                    ("copies_given", yes.clone()),
                    ("effective_on", text(&on(end).to_string())),
                    ("perform_by", text(&by)),
                    ("amount", amount),
                ],
            ));
            steps.push((end + 20, "follow_up", vec![("performed", text("full")), ("satisfied", yes)]));
        }
        steps.push((end + 25, "archive", vec![("volume", text("1-1")), ("keep", text("thirty"))]));
        steps
            .iter()
            .map(|(n, step, fields)| (on(*n), self.step("mediation_case", &record, step, on(*n), fields)))
            .collect()
    }

    /// A publicity event.
    pub fn event(&mut self, day: Day) -> Vec<(Day, Draft)> {
        let record = self.id(day);
        let nth = self.seed.below(7) as usize;
        let fields = [
            ("title", text("送法下乡、以案释法")),
            (
                "kind",
                text(self.seed.of(&["six", "reception", "courtyard", "police_talk", "film", "campaign", "lecture"])),
            ),
            ("six", text(self.seed.of(&["village", "school", "company"]))),
            ("scale", text(self.seed.of(&["ordinary", "ordinary", "large"]))),
            ("volunteer", Value::Bool(self.seed.below(3) == 0)),
            ("theme", text(self.seed.of(&["constitution", "civil_code", "crime", "land", "safety"]))),
            ("villages", list(&[&self.villages[nth].clone()])),
            ("attended", Value::Int(20 + self.seed.below(200) as i64)),
            ("materials", Value::Int(self.seed.below(300) as i64)),
        ];
        vec![(day, self.step("publicity_event", &record, "hold", day, &fields))]
    }

    /// A session of learning the law.
    pub fn study(&mut self, day: Day) -> Vec<(Day, Draft)> {
        let record = self.id(day);
        let fields = [
            ("kind", text(self.seed.of(&["centre_group", "before_meeting", "training", "lecture", "staff", "self"]))),
            ("topics", text("《人民调解法》《行政处罚法》")),
            ("led_by_leader", Value::Bool(true)),
            ("leader", text(self.seed.of(&["secretary", "head", "other"]))),
            ("expected", Value::Int(40)),
            ("attended", Value::Int(30 + self.seed.below(11) as i64)),
        ];
        vec![(day, self.step("study_session", &record, "hold", day, &fields))]
    }

    /// A service of the legal adviser.
    pub fn service(&mut self, day: Day) -> Vec<(Day, Draft)> {
        let record = self.id(day);
        let village = self.villages[self.seed.below(7) as usize].clone();
        let fields = [
            ("kind", text(self.seed.of(&["consultation", "visit", "lecture"]))),
            ("contract", text(&self.contract.clone())),
            ("lawyers", list(&["a"])),
            ("villages", list(&[&village])),
            ("served", Value::Int(5 + self.seed.below(60) as i64)),
            ("matter", text("土地承包经营权流转合同怎么写")),
        ];
        vec![(day, self.step("adviser_service", &record, "serve", day, &fields))]
    }
}
