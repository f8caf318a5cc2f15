//! Charts of a breakdown (图): bars and lines as SVG, this year beside last.
//!
//! They are read on paper and in black and white: this year is solid, last year hatched or dashed, and every value stands
//! beside its bar. A chart repeats the table next to it and never says more.

use maud::{Markup, html};

/// What is drawn.
pub struct Chart {
    /// Tells its patterns from those of other charts on the page.
    pub id: &'static str,
    /// What it shows.
    pub title: String,
    /// What each row or point is.
    pub labels: Vec<String>,
    /// The years, the one asked about first.
    pub series: Vec<Series>,
}

/// The values of a year, one for each label; none where there is nothing to draw.
pub struct Series {
    /// The year.
    pub name: String,
    /// The values, and how they are written.
    pub values: Vec<Option<(f64, String)>>,
}

/// The width of every chart in its own units: that of a telephone, so that letters stay legible there.
const WIDTH: f64 = 420.0;
/// The longest label of a bar, in characters.
const LABEL: usize = 8;

impl Chart {
    fn highest(&self) -> f64 {
        let all = self.series.iter().flat_map(|one| one.values.iter().flatten());
        all.fold(0.0, |highest: f64, (value, _)| highest.max(*value))
    }

    /// In words, for whoever hears the page.
    fn said(&self) -> String {
        let one = |nth: usize| {
            let values = self.series.iter().filter_map(|one| {
                let (_, text) = one.values.get(nth)?.as_ref()?;
                Some(format!("{}{text}", one.name))
            });
            format!("{}：{}", self.labels[nth], values.collect::<Vec<_>>().join("，"))
        };
        (0..self.labels.len()).map(one).collect::<Vec<_>>().join("；")
    }

    fn frame(&self, height: f64, kind: &str, inside: Markup) -> Markup {
        let (title, says) = (format!("{}-title", self.id), format!("{}-says", self.id));
        html! {
            figure class={ "chart " (kind) } {
                figcaption {
                    (self.title)
                    @for (nth, one) in self.series.iter().enumerate() { span.key data-nth=(nth) { (one.name) } }
                }
                svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-labelledby={ (title) " " (says) } {
                    title id=(title) { (self.title) }
                    desc id=(says) { (self.said()) }
                    defs {
                        pattern id={ (self.id) "-hatch" } width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                            rect width="5" height="5" class="ground" {}
                            line x1="0" y1="0" x2="0" y2="5" class="stroke" {}
                        }
                    }
                    (inside)
                }
            }
        }
    }

    /// A row for each label with a bar for each year, the value beside it.
    pub fn bars(&self) -> Markup {
        let (left, right, thick, gap) = (108.0, 64.0, 11.0, 9.0);
        let row = thick * self.series.len() as f64 + gap;
        let height = row * self.labels.len() as f64 + gap;
        let scale = (WIDTH - left - right) / self.highest().max(1.0);
        let fill = |nth: usize| if nth == 0 { None } else { Some(format!("url(#{}-hatch)", self.id)) };
        let bar = |at: usize, nth: usize, value: f64, text: &str| {
            let (y, long) = (gap + row * at as f64 + thick * nth as f64, (value * scale).max(0.0));
            html! {
                rect class={ "bar n" (nth) } x=(left) y=(round(y)) width=(round(long)) height=(thick - 1.0) fill=[fill(nth)] {}
                text class="value" x=(round(left + long + 4.0)) y=(round(y + thick - 2.0)) { (text) }
            }
        };
        let inside = html! {
            @for (at, label) in self.labels.iter().enumerate() {
                text class="label" x=(left - 6.0) y=(round(gap + row * at as f64 + (row - gap) / 2.0 + 4.0)) text-anchor="end" { (short(label)) }
                @for (nth, one) in self.series.iter().enumerate() {
                    @if let Some(Some((value, text))) = one.values.get(at) { (bar(at, nth, *value, text)) }
                }
            }
            line class="axis" x1=(left) y1=(gap / 2.0) x2=(left) y2=(round(height - gap / 2.0)) {}
        };
        self.frame(height, "bars", inside)
    }

    /// A line for each year over its months: solid with dots, dashed with squares.
    pub fn lines(&self) -> Markup {
        let (left, right, top, bottom, height) = (38.0, 10.0, 10.0, 22.0, 190.0);
        let most = rounded_up(self.highest());
        let steps = self.labels.len().saturating_sub(1).max(1) as f64;
        let x = |at: usize| round(left + (WIDTH - left - right) * at as f64 / steps);
        let y = |value: f64| round(top + (height - top - bottom) * (1.0 - value / most));
        let points = |one: &Series| {
            let known = one.values.iter().enumerate().filter_map(|(at, value)| Some((at, value.as_ref()?.0)));
            known.map(|(at, value)| (x(at), y(value))).collect::<Vec<_>>()
        };
        let joined =
            |points: &[(f64, f64)]| points.iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ");
        let inside = html! {
            @for part in 0..=4_u32 {
                @let value = most * f64::from(part) / 4.0;
                line class=(if part == 0 { "axis" } else { "grid" }) x1=(left) y1=(y(value)) x2=(WIDTH - right) y2=(y(value)) {}
                @if value.fract() == 0.0 {
                    text class="label" x=(left - 5.0) y=(y(value) + 4.0) text-anchor="end" { (value) }
                }
            }
            @for (at, label) in self.labels.iter().enumerate() {
                text class="label" x=(x(at)) y=(height - 6.0) text-anchor="middle" { (label.trim_end_matches("月末").trim_end_matches('月')) }
            }
            // The year asked about is drawn over the one before.
            @for (nth, one) in self.series.iter().enumerate().rev() {
                @let points = points(one);
                polyline class={ "line n" (nth) } points=(joined(&points)) fill="none" stroke-dasharray=[(nth > 0).then_some("5 4")] {}
                @for (x, y) in points {
                    @if nth == 0 { circle class="dot n0" cx=(x) cy=(y) r="3.2" {} }
                    @else { rect class={ "dot n" (nth) } x=(round(x - 2.8)) y=(round(y - 2.8)) width="5.6" height="5.6" {} }
                }
            }
        };
        self.frame(height, "lines", inside)
    }
}

/// A label as it fits beside its bar: what stands in brackets falls away first.
fn short(label: &str) -> String {
    let label = label.split('（').next().unwrap_or(label);
    match label.chars().count() > LABEL {
        true => label.chars().take(LABEL - 1).chain(['…']).collect(),
        false => label.to_owned(),
    }
}

/// A tenth is finer than anybody sees, and shorter to send.
fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// The next round number of which a quarter is round as well, so that the lines of the grid can be read.
fn rounded_up(value: f64) -> f64 {
    if let Some(most) = [4.0, 8.0, 12.0, 20.0].into_iter().find(|most| *most >= value) {
        return most;
    }
    let mut unit = 40.0;
    loop {
        if let Some(most) = [1.0, 2.0, 2.5, 5.0].into_iter().map(|factor| unit * factor).find(|most| *most >= value) {
            return most;
        }
        unit *= 10.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: [&[u32]; 2]) -> Chart {
        let series = |name: &str, values: &[u32]| Series {
            name: name.to_owned(),
            values: values.iter().map(|value| Some((f64::from(*value), value.to_string()))).collect(),
        };
        Chart {
            id: "c",
            title: "按村".to_owned(),
            labels: vec!["云溪村（演示）".to_owned(), "名字很长很长很长的村".to_owned()],
            series: vec![series("2023年", values[0]), series("2022年", values[1])],
        }
    }

    #[test]
    fn every_value_has_its_bar_its_number_and_is_said_in_words() {
        let svg = chart([&[40, 20], &[10, 0]]).bars().into_string();
        assert_eq!((svg.matches("class=\"bar n0\"").count(), svg.matches("class=\"bar n1\"").count()), (2, 2));
        assert_eq!(svg.matches("fill=\"url(#c-hatch)\"").count(), 2, "last year is hatched");
        let widths: Vec<&str> = svg
            .split("class=\"bar")
            .skip(1)
            .map(|bar| {
                let from = &bar[bar.find("width=\"").unwrap() + 7..];
                &from[..from.find('"').unwrap()]
            })
            .collect();
        assert_eq!(widths, ["248", "62", "124", "0"]);
        for text in [
            "<title id=\"c-title\">按村</title>",
            "云溪村（演示）：2023年40，2022年10",
            ">云溪村</text>",
            ">名字很长很长很…</text>",
        ] {
            assert!(svg.contains(text), "{text}: {svg}");
        }
        assert!(!svg.contains("style="));
    }

    #[test]
    fn lines_tell_the_years_apart_without_colour() {
        let svg = chart([&[40, 20], &[10, 0]]).lines().into_string();
        assert_eq!((svg.matches("<polyline").count(), svg.matches("stroke-dasharray").count()), (2, 1));
        assert_eq!((svg.matches("<circle").count(), svg.matches("<rect class=\"dot").count()), (2, 2));
        assert!(svg.contains("points=\"38,10 410,89\""), "{svg}");
    }

    #[test]
    fn nothing_somebody_typed_becomes_markup() {
        let mut chart = chart([&[1, 2], &[3, 4]]);
        chart.labels[0] = "<script>".to_owned();
        assert!(!chart.bars().into_string().contains("<script>"));
    }

    #[test]
    fn the_grid_reads_in_round_numbers() {
        for (value, most) in
            [(0.0, 4.0), (4.0, 4.0), (5.0, 8.0), (30.0, 40.0), (56.0, 80.0), (100.0, 100.0), (13_000.0, 20_000.0)]
        {
            assert!((rounded_up(value) - most).abs() < 1e-9, "{value}: {}", rounded_up(value));
        }
    }
}
