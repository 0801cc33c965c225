//! What the report follows month by month, as a table with a native chart beside it.

use std::iter::{once, repeat};

use rust_xlsxwriter::{
    Chart, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartLineDashType, ChartMarker,
    ChartMarkerType, ChartSolidFill, Color, Worksheet,
};

use crate::metric::catalogue::Metric;
use crate::output::chart::scale::marks;
use crate::output::kept::Kept;
use crate::output::number;
use crate::output::workbook::style::{Styles, published, write_text};
use crate::output::workbook::table::{finish, names};
use crate::output::workbook::{WorkbookError, excel_day};

/// Lines in one chart at most: the table has all.
const DRAWN: usize = 9;
/// Size of a chart [pixels].
const SIZE: [u32; 2] = [820, 440];
/// Lines differ in dash and mark, so that they are told apart without colour; the colours differ in lightness too.
const DASHES: [ChartLineDashType; 4] = [
    ChartLineDashType::Solid,
    ChartLineDashType::Dash,
    ChartLineDashType::RoundDot,
    ChartLineDashType::LongDash,
];
const MARKS: [ChartMarkerType; 5] = [
    ChartMarkerType::Circle,
    ChartMarkerType::Square,
    ChartMarkerType::Triangle,
    ChartMarkerType::Diamond,
    ChartMarkerType::X,
];
const COLORS: [u32; 6] = [
    0x00_20_60, 0xB4_50_00, 0x00_70_50, 0x70_30_80, 0x00_00_00, 0x90_10_30,
];

/// A metric that has a sheet of its own.
pub struct Trend {
    /// Name of the sheet.
    pub sheet: &'static str,
    metric: Metric,
}

/// The metrics that have a chart.
pub const TRENDS: [Trend; 3] = [
    Trend {
        sheet: "Chart caseload",
        metric: Metric::CaseloadMean,
    },
    Trend {
        sheet: "Chart burnt out",
        metric: Metric::BurntOutShare,
    },
    Trend {
        sheet: "Chart unallocated",
        metric: Metric::Unallocated,
    },
];

impl Trend {
    /// What its sheet holds.
    pub fn words(&self) -> String {
        format!(
            "{} by month under each policy: means over the plays, and a chart",
            self.title()
        )
    }

    /// What is shown, with its unit.
    fn title(&self) -> String {
        let definition = self.metric.definition();
        format!("{} [{}]", self.metric.label(), number::unit(definition))
    }
}

/// A sheet of one metric: a row a month, a column a policy, and the chart beside them.
///
/// # Errors
/// Those of the workbook.
pub fn sheet(kept: &Kept, trend: &Trend, styles: &Styles) -> Result<Worksheet, WorkbookError> {
    let summary = &kept.summary;
    let policies = kept.policies();
    let name = |policy: usize| summary.policies[policy].name.replace('\n', " ");
    let mut heading = vec!["month_end".to_owned()];
    heading.extend(policies.iter().map(|policy| name(*policy)));
    let rounding = trend.metric.definition().rounding();
    let shown = styles.text.clone().set_num_format(published(rounding));
    let mut sheet = Worksheet::new();
    sheet.set_name(trend.sheet)?;
    for (at, month) in summary.months.iter().enumerate() {
        let row = row_of(at);
        match excel_day(month.last_day) {
            Some(day) => {
                sheet.write_datetime_with_format(row, 0, &day, &styles.day)?;
            }
            None => write_text(
                &mut sheet,
                (row, 0),
                &month.last_day.to_string(),
                &styles.text,
            )?,
        }
        for (column, policy) in (1_u16..).zip(&policies) {
            let numbers = summary.service(*policy, at, trend.metric);
            if let Some(mean) = numbers.map(|n| n.mean).filter(|mean| mean.is_finite()) {
                sheet.write_number_with_format(row, column, mean, &shown)?;
            }
        }
    }
    let widths: Vec<usize> = heading
        .iter()
        .map(|name| name.chars().count().min(24) + 3)
        .collect();
    let formats = once(&styles.heading).chain(repeat(&styles.heading_of_numbers));
    finish(&mut sheet, &names(&heading, formats), &widths)?;
    if !summary.months.is_empty() && !policies.is_empty() {
        let chart = chart(kept, trend, &policies);
        let beside = u16::try_from(heading.len() + 1).unwrap_or(u16::MAX);
        sheet.insert_chart(1, beside, &chart)?;
    }
    Ok(sheet)
}

/// Row of a month, below the names.
fn row_of(month: usize) -> u32 {
    // A run has far fewer months than a sheet has rows.
    u32::try_from(month + 1).unwrap_or(u32::MAX)
}

fn chart(kept: &Kept, trend: &Trend, policies: &[usize]) -> Chart {
    let last = row_of(kept.summary.months.len().saturating_sub(1));
    let mut chart = Chart::new_line();
    for (at, column) in (1_u16..).take(policies.len().min(DRAWN)).enumerate() {
        let color = Color::RGB(COLORS[at % COLORS.len()]);
        let line = ChartLine::new()
            .set_color(color)
            .set_width(2.0)
            .set_dash_type(DASHES[at % DASHES.len()])
            .clone();
        let fill = ChartSolidFill::new().set_color(color).clone();
        chart
            .add_series()
            .set_name((trend.sheet, 0, column))
            .set_categories((trend.sheet, 1, 0, last, 0))
            .set_values((trend.sheet, 1, column, last, column))
            .set_format(ChartFormat::new().set_line(&line))
            .set_marker(
                ChartMarker::new()
                    .set_type(MARKS[at % MARKS.len()])
                    .set_size(6)
                    .set_format(ChartFormat::new().set_solid_fill(&fill)),
            );
    }
    let (title, unit) = (trend.title(), number::unit(trend.metric.definition()));
    chart
        .title()
        .set_name(&format!("{title}, mean over the plays"))
        .set_font(ChartFont::new().set_bold().set_size(12));
    chart.x_axis().set_num_format("mmm yyyy").set_name("Month");
    match begins(kept, trend, policies) {
        Some(least) => {
            let name = format!("{unit}; the axis does not begin at 0");
            chart.y_axis().set_min(least).set_name(&name);
        }
        None => {
            chart.y_axis().set_min(0.0).set_name(&unit);
        }
    }
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart
        .set_width(SIZE[0])
        .set_height(SIZE[1])
        .set_alt_text(alt(kept, trend, policies));
    chart
}

/// Where the axis begins, if not at 0: where lines lie close together and far from it, nobody would tell them apart.
fn begins(kept: &Kept, trend: &Trend, policies: &[usize]) -> Option<f64> {
    /// So many times their spread is far.
    const FAR: f64 = 2.0;
    let summary = &kept.summary;
    let drawn = policies.iter().take(DRAWN);
    let means = drawn.flat_map(|policy| {
        let months = 0..summary.months.len();
        months.filter_map(|row| Some(summary.service(*policy, row, trend.metric)?.mean))
    });
    let range = means
        .filter(|mean| mean.is_finite())
        .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], mean| {
            [low.min(mean), high.max(mean)]
        });
    let [low, high] = range;
    let spread = high - low;
    if !(spread > 0.0 && low > FAR * spread) {
        return None;
    }
    let marks = marks([low - spread, high + spread], 8);
    marks.into_iter().rfind(|mark| *mark <= low)
}

/// The chart in words, for those who do not see it: as many ends of lines as a spreadsheet takes.
fn alt(kept: &Kept, trend: &Trend, policies: &[usize]) -> String {
    /// Units of UTF-16 that a spreadsheet takes.
    const LONGEST: usize = 255;
    let last = kept.summary.months.len().saturating_sub(1);
    let definition = trend.metric.definition();
    let mut words = format!(
        "Line chart of {} by month, a line a policy; the table beside it has the numbers.",
        trend.title()
    );
    let mut lead = " In the last month: ";
    for policy in policies.iter().take(DRAWN) {
        let Some(numbers) = kept.summary.service(*policy, last, trend.metric) else {
            continue;
        };
        let name = &kept.summary.policies[*policy].name;
        let end = format!("{lead}{} under {name:?}", number::mean(definition, numbers));
        if words.encode_utf16().count() + end.encode_utf16().count() > LONGEST {
            break;
        }
        words.push_str(&end);
        lead = ", ";
    }
    words
}
