//! Staff in the long run: tenure, vacancies, agency cover, absence, and the hours and places they give.

use crate::model::calendar::{DAYS_PER_MONTH, DAYS_PER_YEAR};
use crate::model::post::Grade;
use crate::policy::limit::{Holder, Level, Limit, Measure, Mix, Most, ROUNDING};
use crate::scenario::sections::Scenario;
use crate::theory::renewal::{vacancies, vacancy_probability};
use crate::theory::residual::FirstExit;

/// Who is there in the long run, at strain 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Staffing {
    /// Posts.
    pub posts: usize,
    /// Expected share of posts without a permanent worker.
    pub vacancy_rate: f64,
    /// Expected share of posts covered by agency.
    pub agency_share: f64,
    /// Leavers a year over people in post.
    pub turnover_per_year: f64,
    /// Mean time from starting to leaving [years]; infinite where nobody leaves.
    pub tenure_years: f64,
    /// Expected share of permanent time lost to sickness.
    pub absence_rate: f64,
    /// True where people leave and vacancies are never filled: staff figures are those of the start.
    pub never_filled: bool,
    /// Each team.
    pub teams: Vec<TeamStaffing>,
}

/// The expected staff of one team, agency too.
#[derive(Clone, Debug, PartialEq)]
pub struct TeamStaffing {
    /// Full-time-equivalent workers in post.
    pub fte: f64,
    /// Supply, absence taken off [direct hours a week].
    pub hours_per_week: f64,
    /// Supply, absence left in [direct hours a week].
    pub nominal_hours_per_week: f64,
    /// (asks,) what fits, in the unit of each; infinite where nothing is limited.
    pub places: Vec<f64>,
}

/// A limit, or a mix within it, whose places are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The limit.
    pub limit: &'a Limit,
    /// A mix within it; absent: the limit as a whole.
    pub mix: Option<&'a Mix>,
}

impl Ask<'_> {
    /// What fits with one worker. Only whole cases and families are places; under a mean what one lacks another
    /// has.
    fn places(&self, holder: &Holder) -> f64 {
        let (most, is_counted) = match self.mix {
            Some(mix) => (
                self.limit.most_of_mix(mix, holder),
                matches!(mix.most, Most::Cases(_)),
            ),
            None => (
                self.limit.of_worker(holder),
                matches!(self.limit.measure, Measure::Cases | Measure::Families),
            ),
        };
        if is_counted && self.limit.level == Level::Worker {
            libm::floor(most * (1.0 + ROUNDING) + ROUNDING)
        } else {
            most
        }
    }
}

/// What a worker gives over a career in one post, as means over the time in post.
#[derive(Clone, Debug)]
struct Career {
    tenure_days: f64,
    fte: f64,
    hours_per_week: f64,
    absent_share: f64,
    places: Vec<f64>,
}

/// Works out the long-run staff.
///
/// A post is filled, then under notice, then vacant for `time_to_fill`: alternating renewal, whatever
/// the laws. Agency covers a vacancy from its lead on; the bound on cover is applied to a binomial
/// number of posts that would be covered. Yearly intakes, the attraction of a light load, and leaving
/// by agency workers are not counted.
///
/// * `asks` - whose places are wanted, in every team
pub fn staffing(scenario: &Scenario, asks: &[Ask<'_>]) -> Staffing {
    let posts = scenario.post_count();
    let fill_days = scenario.recruitment.as_ref().map(|r| r.time_to_fill.mean());
    let mut teams = vec![
        TeamStaffing {
            fte: 0.0,
            hours_per_week: 0.0,
            nominal_hours_per_week: 0.0,
            places: vec![0.0; asks.len()],
        };
        scenario.teams.len()
    ];
    let covered = cover_of_vacant_time(scenario);
    let (mut filled, mut covered_posts, mut leavers_a_day, mut absent) = (0.0, 0.0, 0.0, 0.0);
    let mut never_filled = false;
    let mut groups = Vec::with_capacity(scenario.posts.len());
    for group in &scenario.posts {
        let career = newcomers(scenario, group.grade, asks);
        let count = group.count as f64;
        let vacant = match fill_days {
            Some(days) => vacancy_probability(career.tenure_days, days),
            None => {
                never_filled |= career.tenure_days.is_finite() && group.count > 0;
                (count - group.filled as f64) / count.max(1.0)
            }
        };
        let people = count * (1.0 - vacant);
        filled += people;
        covered_posts += count * vacant * covered;
        leavers_a_day += people / career.tenure_days;
        absent += people * career.absent_share;
        groups.push((group, career, people, count * vacant * covered));
    }
    let kept = kept_under_bound(scenario, posts, covered_posts);
    let agency = scenario
        .agency
        .as_ref()
        .map(|a| career(scenario, a.grade, asks));
    for (group, own, people, cover) in &groups {
        let Some(team) = teams.get_mut(group.team) else {
            continue;
        };
        team.add(own, *people);
        if let Some(agency) = &agency {
            team.add(agency, cover * kept);
        }
    }
    let share_of = |part: f64| if posts > 0 { part / posts as f64 } else { 0.0 };
    let per_person = |sum: f64| if filled > 0.0 { sum / filled } else { 0.0 };
    let turnover_per_year = per_person(leavers_a_day) * DAYS_PER_YEAR;
    Staffing {
        posts,
        vacancy_rate: share_of(posts as f64 - filled),
        agency_share: share_of(covered_posts * kept),
        turnover_per_year,
        tenure_years: 1.0 / turnover_per_year,
        absence_rate: per_person(absent),
        never_filled,
        teams,
    }
}

impl TeamStaffing {
    fn add(&mut self, career: &Career, people: f64) {
        if people <= 0.0 {
            return;
        }
        self.fte += people * career.fte;
        self.nominal_hours_per_week += people * career.hours_per_week;
        self.hours_per_week += people * career.hours_per_week * (1.0 - career.absent_share);
        for (sum, places) in self.places.iter_mut().zip(&career.places) {
            *sum += people * places;
        }
    }
}

/// Share of the vacant time that agency would cover without a bound: `1 - E min(V, lead) / E V`.
fn cover_of_vacant_time(scenario: &Scenario) -> f64 {
    let Some(agency) = &scenario.agency else {
        return 0.0;
    };
    let Some(recruitment) = &scenario.recruitment else {
        return 1.0;
    };
    let vacancy = recruitment.time_to_fill.clone();
    let mean = vacancy.mean();
    match FirstExit::new(&[vacancy, agency.lead.clone()]) {
        Some(first) if mean > 0.0 => (1.0 - first.mean / mean).max(0.0),
        _ => 0.0,
    }
}

/// Share of the cover that the bound on agency leaves.
fn kept_under_bound(scenario: &Scenario, posts: usize, covered: f64) -> f64 {
    let Some(agency) = &scenario.agency else {
        return 0.0;
    };
    if covered <= 0.0 {
        return 0.0;
    }
    let bound = libm::floor(agency.max_share * posts as f64 + 1e-9);
    let p = covered / posts as f64;
    let expected: f64 = (0..=posts as u64)
        .map(|k| vacancies(posts as u64, p, k) * (k as f64).min(bound))
        .sum();
    (expected / covered).min(1.0)
}

/// The mean career of those who fill a post of this grade.
fn newcomers(scenario: &Scenario, grade: usize, asks: &[Ask<'_>]) -> Career {
    let own = career(scenario, grade, asks);
    let law = scenario.recruitment.as_ref().and_then(|r| r.grade.as_ref());
    let Some(law) = law.filter(|_| own.tenure_days.is_finite()) else {
        return own;
    };
    let parts: Vec<(Career, f64)> = law
        .iter()
        .map(|(g, p)| (career(scenario, *g, asks), p))
        .collect();
    // Where one sort of newcomer never leaves, the post is theirs in the long run.
    if let Some((forever, _)) = parts.iter().find(|(c, _)| c.tenure_days.is_infinite()) {
        return forever.clone();
    }
    let tenure: f64 = parts.iter().map(|(c, p)| p * c.tenure_days).sum();
    let mean = |number: &dyn Fn(&Career) -> f64| -> f64 {
        let sum: f64 = parts
            .iter()
            .map(|(c, p)| p * c.tenure_days * number(c))
            .sum();
        sum / tenure
    };
    Career {
        tenure_days: tenure,
        fte: mean(&|c| c.fte),
        hours_per_week: mean(&|c| c.hours_per_week),
        absent_share: mean(&|c| c.absent_share),
        places: (0..own.places.len())
            .map(|p| mean(&|c| c.places[p]))
            .collect(),
    }
}

/// A stretch of time in post in which nothing about the worker changes.
struct Stretch<'a> {
    from_days: f64,
    to_days: f64,
    grade: usize,
    terms: &'a Grade,
    output: f64,
    limit: f64,
    leaving_per_day: f64,
}

/// The career of a newcomer of one grade, promotions included.
fn career(scenario: &Scenario, grade: usize, asks: &[Ask<'_>]) -> Career {
    let stretches = stretches(scenario, grade);
    let strain = &scenario.strain;
    // With frailty the disposition also acts in the hazard, and each newcomer has their own.
    let spread = strain.b_leave * strain.frailty;
    let dispositions: Vec<(f64, f64)> = if spread == 0.0 {
        vec![(1.0, 1.0)]
    } else {
        let raw: Vec<(f64, f64)> = (-24..=24)
            .map(|i| {
                let a = f64::from(i) / 4.0;
                (
                    libm::exp(spread * a - spread * spread / 2.0),
                    libm::exp(-a * a / 2.0),
                )
            })
            .collect();
        let total: f64 = raw.iter().map(|(_, w)| w).sum();
        raw.into_iter()
            .map(|(factor, w)| (factor, w / total))
            .collect()
    };
    let most = strain.hazard_max_per_year / DAYS_PER_YEAR;
    let mut days = vec![0.0; stretches.len()];
    for (factor, weight) in &dispositions {
        let mut there = *weight;
        for (stretch, sum) in stretches.iter().zip(&mut days) {
            let hazard = (stretch.leaving_per_day * factor).min(most);
            let length = stretch.to_days - stretch.from_days;
            let gone = if hazard > 0.0 {
                -libm::expm1(-hazard * length)
            } else {
                0.0
            };
            let lived = if hazard > 0.0 { gone / hazard } else { length };
            if there > 0.0 {
                // Notice is spent at the terms of the day on which it is given.
                *sum += there * (lived + gone * stretch.terms.notice.mean());
            }
            there *= 1.0 - gone;
        }
    }
    // Where the last stretch never ends, it is the long run.
    if let Some(last) = days.last_mut().filter(|d| d.is_infinite()) {
        *last = 1.0;
        let count = days.len();
        days[..count - 1].fill(0.0);
        return over(scenario, &stretches, &days, f64::INFINITY, asks);
    }
    let tenure = days.iter().sum();
    over(scenario, &stretches, &days, tenure, asks)
}

/// Means over the time spent in each stretch.
fn over(
    scenario: &Scenario,
    stretches: &[Stretch],
    days: &[f64],
    tenure_days: f64,
    asks: &[Ask<'_>],
) -> Career {
    let total: f64 = days.iter().sum();
    let mean = |number: &dyn Fn(&Stretch) -> f64| -> f64 {
        let parts = stretches.iter().zip(days).filter(|(_, d)| **d > 0.0);
        parts.map(|(s, d)| d / total * number(s)).sum()
    };
    let fte = |s: &Stretch| s.terms.hours_per_week / scenario.full_time_hours;
    let spell_days = scenario.absence.as_ref().map_or(0.0, |a| a.spell.mean());
    let most = scenario.strain.hazard_max_per_year;
    Career {
        tenure_days,
        fte: mean(&fte),
        hours_per_week: mean(&|s| s.terms.hours_per_week * s.terms.direct_share * s.output),
        absent_share: mean(&|s| {
            let sick = s.terms.absences_per_year.min(most) / DAYS_PER_YEAR * spell_days;
            sick / (1.0 + sick)
        }),
        places: asks
            .iter()
            .map(|ask| {
                let holder = |s: &Stretch| Holder {
                    grade: s.grade,
                    fte: fte(s),
                    ramp_limit: s.limit,
                    supply: s.terms.hours_per_week * s.terms.direct_share * s.output,
                };
                mean(&|s| ask.places(&holder(s)))
            })
            .collect(),
    }
}

fn stretches(scenario: &Scenario, grade: usize) -> Vec<Stretch<'_>> {
    // Grades in time: a promotion counts from the first day in post.
    let mut held = vec![(0.0, grade)];
    let mut now = (0.0, grade);
    while let Some(next) = scenario.grades.get(now.1).and_then(|g| g.becomes) {
        now = ((next.after_months * DAYS_PER_MONTH).max(now.0), next.grade);
        held.push(now);
        if held.len() > scenario.grades.len() {
            break;
        }
    }
    let mut bounds: Vec<f64> = held.iter().map(|(from, _)| *from).collect();
    for (_, grade) in &held {
        if let Some(terms) = scenario.grades.get(*grade) {
            bounds.extend(terms.ramp.iter().map(|s| s.from_month * DAYS_PER_MONTH));
            bounds.extend(terms.leave.iter().map(|s| s.from_year * DAYS_PER_YEAR));
        }
    }
    bounds.sort_by(f64::total_cmp);
    bounds.dedup();
    bounds.push(f64::INFINITY);
    let at = |from: f64| {
        let grade = held
            .iter()
            .rev()
            .find(|(since, _)| *since <= from)
            .map_or(grade, |h| h.1);
        scenario.grades.get(grade).map(|terms| (grade, terms))
    };
    bounds
        .windows(2)
        .filter_map(|pair| {
            let (from_days, to_days) = (pair[0], pair[1]);
            let (grade, terms) = at(from_days)?;
            let ramp = terms
                .ramp
                .iter()
                .rev()
                .find(|s| s.from_month * DAYS_PER_MONTH <= from_days);
            let leave = terms
                .leave
                .iter()
                .rev()
                .find(|s| s.from_year * DAYS_PER_YEAR <= from_days);
            Some(Stretch {
                from_days,
                to_days,
                grade,
                terms,
                output: ramp.map_or(1.0, |s| s.output),
                limit: ramp.map_or(1.0, |s| s.limit),
                leaving_per_day: leave.map_or(0.0, |s| s.per_year / DAYS_PER_YEAR),
            })
        })
        .collect()
}
