//! The dictionary of a run's tables: what each column of each file holds.

use std::io;
use std::path::Path;

use crate::metric::catalogue::CATALOGUE;
use crate::output::folder::REPLICATIONS;
use crate::output::manifest::Written;

/// Columns of the tables, in words.
const COLUMNS: &[(&str, &str)] = &[
    ("policy", "name of the policy"),
    ("baseline", "name of the policy that it is compared with"),
    (
        "month_end",
        "last day of the month, as year-month-day; empty or 'horizon': over all months",
    ),
    (
        "metric",
        "key of the metric: its definition is a row of this dictionary",
    ),
    ("unit", "unit of the value"),
    ("team", "team; empty: all"),
    ("stage", "stage of the pathway; empty: all"),
    ("grade", "grade of workers; empty: all"),
    ("mean", "mean over replications"),
    ("se", "standard error of the mean"),
    ("p5", "5th percentile of the replications"),
    ("p25", "25th percentile of the replications"),
    ("p50", "median of the replications"),
    ("p75", "75th percentile of the replications"),
    ("p95", "95th percentile of the replications"),
    ("min", "least of the replications"),
    ("max", "greatest of the replications"),
    ("n", "replications that have a value"),
    ("replication", "number of the replication"),
    (
        "world",
        "number of the draw of the inputs that are not known",
    ),
    ("target", "the target, as written"),
    ("probability", "share of the replications"),
    ("low", "lower end of the 95 % interval"),
    ("high", "upper end of the 95 % interval"),
    (
        "from",
        "lower end of the bin; of cases it belongs to the bin, of days not, except 0 to 0",
    ),
    (
        "to",
        "upper end of the bin, which belongs to it; empty: there is none",
    ),
    ("cut", "the feedback that was cut"),
    ("what", "which distribution"),
    ("better_is", "whether more or less of it is better"),
    (
        "p_better",
        "share of the replications in which the policy is better",
    ),
    (
        "p_tie",
        "share of the replications in which the two are equal",
    ),
    (
        "variance_ratio",
        "variance of the difference over that of independent runs",
    ),
    ("verdict", "what the interval says"),
    (
        "worlds_better",
        "draws of the unknown inputs in which the policy is better on average; empty: none are shared",
    ),
    ("worlds", "draws of the unknown inputs"),
    ("against", "name of the policy that it is held against"),
    ("hits", "replications that met the target"),
    (
        "undefined",
        "replications in which a number that the target needs is missing",
    ),
    ("precision", "the precision that was asked for"),
    ("asked", "half-width that was asked for"),
    (
        "reached_after",
        "replications after which it was reached; empty: not reached",
    ),
    ("needed", "replications that it would take, about"),
    ("draws", "independent draws"),
    (
        "variance_unknown",
        "variance between draws of the inputs that are not known, in the square of the unit",
    ),
    (
        "variance_luck",
        "variance of luck within a draw, in the square of the unit",
    ),
    (
        "share_unknown",
        "share of the whole variance that lies between draws",
    ),
    (
        "only_policy",
        "replications in which the policy alone meets the target",
    ),
    (
        "only_baseline",
        "replications in which the baseline alone meets it",
    ),
    (
        "difference",
        "probability under the policy less that under the baseline",
    ),
    ("difference_low", "lower end of its 95 % interval"),
    ("difference_high", "upper end of its 95 % interval"),
    (
        "sequence_low",
        "lower end of the interval that holds at every look",
    ),
    (
        "sequence_high",
        "upper end of the interval that holds at every look",
    ),
    ("whole", "whole difference between the two policies"),
    ("whole_low", "lower end of its 95 % interval"),
    ("whole_high", "upper end of its 95 % interval"),
    ("carried", "what the difference loses by the cut"),
    ("carried_low", "lower end of its 95 % interval"),
    ("carried_high", "upper end of its 95 % interval"),
    ("left", "what is left of the difference"),
    ("left_low", "lower end of its 95 % interval"),
    ("left_high", "upper end of its 95 % interval"),
    ("weakest_key", "key of the weakest evidence of the feedback"),
    ("weakest_grade", "grade of that evidence"),
    ("requirement", "the requirement, without its probability"),
    (
        "probability_required",
        "probability with which a replication must meet it",
    ),
    ("successes", "replications that met it"),
    (
        "setting_verdict",
        "how the setting stands to all requirements",
    ),
    (
        "replications",
        "replications of the setting that were played",
    ),
    (
        "edge",
        "beside the edge: holds or fails; contradicts: out of order; empty: neither",
    ),
    ("posts_more_than_today", "posts more than the scenario has"),
    (
        "currency_a_year_more_than_today",
        "what these cost a year, were all of them filled",
    ),
    (
        "rank",
        "place in the order of what moves the number most; empty: not drawn",
    ),
    ("key", "key of the number that is not known"),
    (
        "drawn_by",
        "law: as written; range: uniform over the range beside the number",
    ),
    ("source", "where the number comes from"),
    ("least", "least that was drawn"),
    ("greatest", "greatest that was drawn"),
    (
        "correlation",
        "rank correlation of it with the number of the guideline over worlds",
    ),
    (
        "p",
        "chance of so great a correlation with any number drawn if none moves the number of the guideline",
    ),
    (
        "lowest_from",
        "least of its values in the third of the worlds in which it is lowest",
    ),
    ("lowest_to", "greatest of its values there"),
    ("lowest_worlds", "worlds of that third"),
    (
        "lowest_median_from",
        "lower end of the median of the number of the guideline there; none: no value holds",
    ),
    ("lowest_median_to", "upper end of that median"),
    (
        "lowest_holds",
        "worlds of that third in which a value holds",
    ),
    (
        "lowest_undecided",
        "worlds of that third in which none is known to hold and some are undecided",
    ),
    (
        "highest_from",
        "least of its values in the third of the worlds in which it is highest",
    ),
    ("highest_to", "greatest of its values there"),
    ("highest_worlds", "worlds of that third"),
    (
        "highest_median_from",
        "lower end of the median of the number of the guideline there; none: no value holds",
    ),
    ("highest_median_to", "upper end of that median"),
    (
        "highest_holds",
        "worlds of that third in which a value holds",
    ),
    (
        "highest_undecided",
        "worlds of that third in which none is known to hold and some are undecided",
    ),
    (
        "not_drawn_because",
        "why its range is not taken; empty: it is drawn",
    ),
];

/// The dictionary, as comma-separated values: file, column, unit, what it holds.
///
/// # Errors
/// Those of the files, which were whole when the folder was opened.
pub fn dictionary(folder: &Path, files: &[Written]) -> io::Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["file", "column", "unit", "meaning"])?;
    let files = files.iter().filter(|file| file.name.ends_with(".csv"));
    for file in files {
        let mut reader = csv::Reader::from_path(folder.join(&file.name))?;
        let heading = reader.headers()?.clone();
        for column in &heading {
            let metric = (file.name == REPLICATIONS)
                .then(|| CATALOGUE.iter().find(|d| d.key == column))
                .flatten();
            let (unit, meaning) = match (metric, COLUMNS.iter().find(|known| known.0 == column)) {
                (Some(metric), _) => (metric.unit, metric.definition.to_owned()),
                (None, Some(known)) => ("", known.1.to_owned()),
                (None, None) if column.contains('.') => ("", "what this key is set to".to_owned()),
                (None, None) => ("", format!("{}, of this table", column.replace('_', " "))),
            };
            table.write_record([file.name.as_str(), column, unit, &meaning])?;
        }
    }
    for metric in &CATALOGUE {
        let meaning = format!("{} Of {}.", metric.definition, metric.population);
        table.write_record([
            "(every table, column metric)",
            metric.key,
            metric.unit,
            &meaning,
        ])?;
    }
    table
        .into_inner()
        .map_err(|e| io::Error::other(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::example;
    use crate::output::kept::Kept;
    use crate::output::kept::tests::folder;

    #[test]
    fn every_column_of_a_comparison_is_in_words() {
        let home = folder(&example::compared_in_worlds(20));
        let kept = Kept::open(home.path()).unwrap();
        let text =
            String::from_utf8(dictionary(&kept.folder, &kept.manifest.files).unwrap()).unwrap();
        let unknown: Vec<&str> = text
            .lines()
            .filter(|line| line.contains("of this table"))
            .collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        for file in &kept.manifest.files {
            assert!(text.contains(&format!("\n{},", file.name)), "{}", file.name);
        }
    }
}
