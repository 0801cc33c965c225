//! Small scenarios whose right values are known by hand or in closed form: each once showed a number that did not mean
//! what its definition says. The files are in `tests/cases`.

use std::path::Path;

use crate::support::{Home, errors};

/// Monthly figures of one run of a case.
struct Figures {
    monthly: Vec<csv::StringRecord>,
    errors: String,
}

impl Figures {
    /// Runs a file of `tests/cases` with everything that lies beside it.
    fn of(name: &str, arguments: &[&str]) -> Figures {
        Figures::amended(name, &[], arguments)
    }

    /// The same with parts of the file replaced.
    fn amended(name: &str, changes: &[(&str, &str)], arguments: &[&str]) -> Figures {
        let home = Home::new();
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
        for suffix in ["toml", "csv"] {
            let file = cases.join(format!("{name}.{suffix}"));
            if let Ok(mut text) = std::fs::read_to_string(&file) {
                for (from, to) in changes {
                    assert!(suffix == "csv" || text.contains(from), "{name}: {from}");
                    text = text.replace(from, to);
                }
                home.write(&format!("{name}.{suffix}"), &text);
            }
        }
        let file = format!("{name}.toml");
        let run = [&["run", &file, "--out", "out"], arguments].concat();
        let output = home.run(&run);
        assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
        let text = home.read("out/monthly.csv");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        Figures {
            monthly: reader.records().map(|row| row.unwrap()).collect(),
            errors: errors(&output),
        }
    }

    /// The mean of a metric of the whole service, at a month end; not a number where it is empty.
    fn mean(&self, policy: &str, month: &str, metric: &str) -> f64 {
        let is_wanted = |row: &&csv::StringRecord| {
            (&row[0], &row[1], &row[2]) == (policy, month, metric)
                && row.iter().skip(4).take(3).all(str::is_empty)
        };
        let row = self.monthly.iter().find(is_wanted);
        let row = row.unwrap_or_else(|| panic!("no {metric} of {policy} at {month}"));
        row[7].parse().unwrap_or(f64::NAN)
    }

    /// Mean over all months of a year, of the first policy.
    fn over_year(&self, policy: &str, metric: &str) -> f64 {
        let values: Vec<f64> = self
            .monthly
            .iter()
            .filter(|row| (&row[0], &row[2]) == (policy, metric) && row[4].is_empty())
            .filter_map(|row| row[7].parse().ok())
            .collect();
        values.iter().sum::<f64>() / values.len() as f64
    }
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[test]
fn an_intake_sees_what_holds_from_its_day_and_the_first_day_counts() {
    for (case, in_september_2026) in [
        ("intake_freeze", 3.0),
        ("intake_add", 3.0),
        ("intake_freeze_from_1sep", 0.0),
        ("intake_start", 3.0),
    ] {
        let figures = Figures::of(case, &[]);
        let found = figures.mean("p", "2026-09-30", "starters");
        assert_eq!(found, in_september_2026, "{case}");
    }
}

#[test]
fn under_an_advisory_limit_those_under_it_are_asked_first() {
    let figures = Figures::of("f3", &[]);
    for policy in ["zero", "little"] {
        assert_eq!(figures.mean(policy, "2026-01-31", "caseload_highest"), 2.0);
    }
}

/// By symmetry each weekly meeting keeps the deadline of the referrals of one working day in five. Referrals of a weekday
/// are a fifth of all but for the days of each month; bounds of 5 percentage points on a year are wide of that.
#[test]
fn a_deadline_that_ends_at_midnight_is_not_kept_by_a_meeting_at_that_midnight() {
    let figures = Figures::of("tie_meeting", &[]);
    for policy in ["monday", "wednesday", "thursday", "friday"] {
        let kept = figures.over_year(policy, "deadlines_met");
        assert!((kept - 0.2).abs() < 0.05, "{policy}: {kept}");
        let waiting = figures.over_year(policy, "still_waiting");
        assert!((waiting - 0.8).abs() < 0.05, "{policy}: {waiting}");
    }
    assert_eq!(figures.over_year("daily", "deadlines_met"), 1.0);
}

#[test]
fn month_end_figures_are_those_of_the_last_day_of_the_month() {
    let figures = Figures::of("census_day", &[]);
    for metric in ["unallocated_census", "open_cases_census", "referrals"] {
        assert_eq!(figures.mean("no limit", "2027-07-31", metric), 10.0);
    }
}

#[test]
fn a_target_within_a_month_is_refused_with_the_nearest_two_month_ends() {
    let home = Home::new();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    for file in ["target_date.toml", "target_date.csv"] {
        home.write(file, &std::fs::read_to_string(cases.join(file)).unwrap());
    }
    let output = home.run(&["check", "target_date.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(errors(&output).contains("2027-02-28 or 2027-03-31"));
}

#[test]
fn a_case_in_handover_gets_none_of_the_hours_that_it_needs() {
    // Its worker has the case for all of April, the first ten of thirty days in handover; it needs 10 hours a week.
    let figures = Figures::of("f1", &[]);
    near(figures.mean("p", "2026-04-30", "need_met"), 20.0 / 30.0);
    near(
        figures.mean("p", "2026-04-30", "direct_hours"),
        10.0 * 20.0 / 30.0,
    );
    // The same unmet need drives the risk: 62 days from 11 February, then 10 days at twice the pace, on 22 April.
    let risky = Figures::of("f1_risk", &[]);
    assert_eq!(risky.mean("p", "2026-04-30", "escalations"), 1.0);
    // 10 of 11 + 15 days of April in which it still needs anything: from the 22nd on it needs no hours.
    near(risky.mean("p", "2026-04-30", "need_met"), 0.625);
}

#[test]
fn overtime_is_owed_paid_or_given() {
    // 3 hours a week beyond the contract for 31 days.
    let hours = 3.0 * 31.0 / 7.0;
    let month = "2026-01-31";
    let toil = Figures::of("f2", &[]);
    near(toil.mean("p", month, "toil_owed"), hours);
    assert_eq!(toil.mean("p", month, "cost"), 0.0);
    assert!(toil.errors.contains("this price never applies"));
    let bound = Figures::of("f2_bound", &[]);
    near(bound.mean("p", month, "toil_owed"), 10.0);
    near(bound.mean("p", month, "hours_given"), hours - 10.0);
    assert_eq!(bound.mean("p", month, "cost"), 0.0);
    let change = |word: &'static str| {
        [(
            "overtime_max = 0.2",
            ["overtime_max = 0.2\novertime = \"", word, "\""].concat(),
        )]
    };
    let with = |word| {
        let change = change(word);
        let changes: Vec<(&str, &str)> = change.iter().map(|(a, b)| (*a, b.as_str())).collect();
        Figures::amended("f2", &changes, &[])
    };
    let paid = with("paid");
    near(paid.mean("p", month, "cost"), hours * 30.0);
    assert_eq!(paid.mean("p", month, "toil_owed"), 0.0);
    assert_eq!(paid.mean("p", month, "hours_given"), 0.0);
    assert!(!paid.errors.contains("never applies"), "{}", paid.errors);
    let unpaid = with("unpaid");
    near(unpaid.mean("p", month, "hours_given"), hours);
    assert_eq!(unpaid.mean("p", month, "cost"), 0.0);
    assert!(unpaid.errors.contains("this price never applies"));
}

#[test]
fn a_case_handed_over_directly_has_waited_no_days() {
    let figures = Figures::of("f4", &[]);
    assert_eq!(figures.mean("p", "2026-04-30", "allocations"), 2.0);
    assert_eq!(figures.mean("p", "2026-04-30", "wait_mean"), 0.0);
    assert_eq!(figures.mean("p", "2026-02-28", "wait_mean"), 41.0);
}

#[test]
fn drift_is_in_what_the_limit_counts_and_cases_stand_beside_it() {
    let figures = Figures::of("f5", &[]);
    // Three cases of 10 hours and 5 points: 30 hours above 18.5, and 15 points above 7.
    let month = "2026-02-28";
    near(figures.mean("hours", month, "drift"), 11.5);
    near(figures.mean("hours", month, "drift_cases"), 1.15);
    near(figures.mean("points", month, "drift"), 8.0);
    near(figures.mean("points", month, "drift_cases"), 1.6);
}

#[test]
fn returns_are_of_closed_cases_and_those_screened_out_who_come_again_are_counted_apart() {
    let figures = Figures::of("f6", &[]);
    for month in ["2026-01-31", "2026-02-28", "2026-03-31"] {
        assert_eq!(figures.mean("p", month, "returns"), 0.0);
    }
    assert!(figures.mean("p", "2026-03-31", "came_again") > 0.0);
}

#[test]
fn averages_of_ratios_are_over_the_time_in_which_there_is_somebody() {
    let figures = Figures::of("f9", &[]);
    near(
        figures.mean("p", "2026-02-28", "cases_per_filled_post"),
        4.0,
    );
    assert!(
        figures
            .mean("p", "2026-01-31", "cases_per_filled_post")
            .is_nan()
    );
}

/// Null: with growth from the start alone, January has 310 referrals in the mean, a Poisson number: 100 replications have
/// a standard error of 1.76. Were the year before lower, as growth of 50 % a year would have it, the open cases at the
/// start would be below 10 x 20 days; at 4 standard errors about 6 in 100,000.
#[test]
fn there_is_no_growth_before_the_start() {
    let figures = Figures::of("f10", &["--replications", "100"]);
    let referrals = figures.mean("p", "2026-01-31", "referrals");
    assert!(((referrals - 310.0) / 1.76).abs() < 4.0, "{referrals}");
    let open = figures.mean("p", "2026-01-31", "open_cases");
    // Open cases of M/M/infinity: 200 in the mean; the monthly mean of one replication varies by less than 14.2.
    assert!(((open - 200.0) / 1.42).abs() < 4.0, "{open}");
}

/// Null: the first year is the long run. Turnover 0.3 / (1 + 0.3 x 90 / 365.25) = 0.2793 of the mean in post, of 40
/// posts in 400 replications: about 4,470 leavers, a relative standard error of at most 1.5 %.
#[test]
fn the_first_year_has_the_turnover_of_the_long_run() {
    let figures = Figures::of("start_notice", &["--replications", "400"]);
    let first = figures.mean("no limit", "2026-04-30", "leavers");
    let year = figures.over_year("no limit", "leavers") * 12.0;
    let expected = 40.0 * 0.3 / (1.0 + 0.3 * 90.0 / 365.25);
    let z = (year - expected) / (expected / 400.0).sqrt();
    assert!(z.abs() < 4.0, "{year} a year, not {expected}: z = {z}");
    let of_april = expected * 30.0 / 365.0;
    let z = (first - of_april) / (of_april / 400.0).sqrt();
    assert!(z.abs() < 4.0, "{first} in April, not {of_april}: z = {z}");
}

/// Null: of 40 workers a share 4 m / (1 + 4 m) with m = 30 / 365.25 is absent at any time, 0.2473. 400 replications of 40
/// workers: a standard error of at most 0.0034 in a month.
#[test]
fn from_the_first_month_as_many_are_absent_as_in_the_long_run() {
    let figures = Figures::of("start_abs", &["--replications", "400"]);
    let expected = 4.0 * 30.0 / 365.25 / (1.0 + 4.0 * 30.0 / 365.25);
    for month in ["2026-04-30", "2026-05-31", "2027-03-31"] {
        let found = figures.mean("no limit", month, "absence_rate");
        let z = (found - expected) / 0.0034;
        assert!(z.abs() < 4.0, "{month}: {found}, not {expected}");
    }
    let fresh = Figures::amended(
        "start_abs",
        &[("months = 12", "months = 12\nstaff_at_start = \"fresh\"")],
        &["--replications", "400"],
    );
    let found = fresh.mean("no limit", "2026-04-30", "absence_rate");
    assert!(
        found < 0.15,
        "everybody is at work on the first day: {found}"
    );
}

/// The opening list is as long as in the long run, so that strain has no trend: at the end of the first month and of the
/// twelfth it is the same within 4 standard errors of 200 replications.
#[test]
fn an_overloaded_team_is_strained_from_the_first_day() {
    let figures = Figures::of("start_strain", &["--replications", "200"]);
    let first = figures.mean("no limit", "2026-04-30", "strain_mean");
    let last = figures.mean("no limit", "2027-03-31", "strain_mean");
    let fresh = Figures::amended(
        "start_strain",
        &[("months = 12", "months = 12\nstaff_at_start = \"fresh\"")],
        &["--replications", "200"],
    );
    let unstrained = fresh.mean("no limit", "2026-04-30", "strain_mean");
    assert!(first > 2.0 * unstrained, "{first} and {unstrained}");
    assert!((first - last).abs() < 0.25 * last, "{first} and {last}");
}

#[test]
fn a_limit_that_never_binds_changes_no_figure_beside_agency_cover() {
    let figures = Figures::of("far_limit_min", &["--replications", "10"]);
    let of_the_limit = [
        "above_limit_share",
        "drift",
        "drift_cases",
        "family_overshoot",
        "family_overshoot_cases",
        "allocated_over_limit",
    ];
    let rows = |policy: &str| -> Vec<String> {
        let rows = figures.monthly.iter().filter(|row| &row[0] == policy);
        rows.filter(|row| !of_the_limit.contains(&&row[2]))
            .map(|row| row.iter().skip(1).collect::<Vec<_>>().join(","))
            .collect()
    };
    assert!(rows("no limit").len() > 100);
    assert_eq!(rows("no limit"), rows("limit 1000"));
}

/// A thousand weights of 0.001 are 1, and 500 of 0.9 are 450: no case is let in or kept out by a rounding.
#[test]
fn points_add_up_exactly() {
    for (weight, limit, cases) in [
        ("0.001", "1", 1000.0),
        ("0.9", "450", 500.0),
        ("0.1", "70", 700.0),
        ("0.007", "3.5", 500.0),
    ] {
        let home = Home::new();
        home.write(
            "points.toml",
            &format!(
                "start = 2026-04-01\nmonths = 1\n[run]\nreplications = 1\n[referrals]\n\
                 families_per_month = 3000\nfirst_stage = \"open\"\n[stages.open]\nhours_per_week = 0\n\
                 weight = {weight}\nwork = \"5000 days\"\nthen = \"closed\"\n[grades.w]\n[[posts]]\n\
                 grade = \"w\"\ncount = 1\nmonths_in_post = 5\n[policies.p]\n\
                 limit = {{ value = {limit}, measure = \"points\" }}\n"
            ),
        );
        home.done(&["run", "points.toml", "--out", "out"]);
        let text = home.read("out/monthly.csv");
        let row = text.lines().find(|row| row.contains(",caseload_highest,"));
        let found: f64 = row.unwrap().split(',').nth(7).unwrap().parse().unwrap();
        assert_eq!(found, cases, "{weight}");
    }
}

/// A post of 36,500 a year costs that in 2027 and in 2028, which has a day more.
#[test]
fn a_calendar_year_costs_the_salary_leap_year_or_not() {
    let home = Home::new();
    home.write(
        "salary.toml",
        "start = 2027-01-01\nmonths = 24\n[run]\nreplications = 1\n[referrals]\nfamilies_per_month = 1\n\
         first_stage = \"open\"\n[stages.open]\nhours_per_week = 0\nwork = \"5 days\"\nthen = \"closed\"\n\
         [grades.w]\ncost_per_year = 36500\n[[posts]]\ngrade = \"w\"\ncount = 1\n[cost]\n",
    );
    home.done(&["run", "salary.toml", "--out", "out"]);
    let text = home.read("out/monthly.csv");
    let months: Vec<f64> = text
        .lines()
        .filter(|row| row.contains(",cost,"))
        .map(|row| row.split(',').nth(7).unwrap().parse().unwrap())
        .collect();
    assert_eq!(months.len(), 24);
    near(months[..12].iter().sum::<f64>(), 36500.0);
    near(months[12..].iter().sum::<f64>(), 36500.0);
    near(months[1], 36500.0 * 28.0 / 365.0);
    near(months[13], 36500.0 * 29.0 / 366.0);
}
