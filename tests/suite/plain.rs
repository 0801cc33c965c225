//! A plain implementation of what policies do in a small service: its own generator, a list of cases that is walked
//! through at every event, and nothing of the engine's.

use rand::RngExt;
use rand::rngs::StdRng;
use rand_distr::{Distribution, Exp, Gamma};

const HORIZON: f64 = 365.0;
const SUPPLY: f64 = 18.5;
const NEVER: f64 = f64::INFINITY;

/// What is allowed under a policy; what is absent never happens.
#[derive(Default)]
pub struct Rules {
    pub limit: f64,
    pub in_points: bool,
    pub most_heavy: Option<usize>,
    pub patience: Option<f64>,
    /// Workload ratios of a discussion at meetings on Mondays.
    pub discussion: Option<(f64, f64)>,
    pub tolerates: Option<usize>,
    pub desks: usize,
    pub lapses_above: Option<f64>,
    /// Above, until below, share.
    pub threshold: Option<(usize, usize, f64)>,
    pub lends_after: Option<u32>,
    /// Area of each post, and share of the families in the first.
    pub areas: Vec<usize>,
    pub first_area: f64,
}

const DESK_SPEED: f64 = 0.25;
const COMES_BACK: f64 = 0.5;
const COMES_BACK_AFTER: f64 = 40.0;

struct Case {
    area: usize,
    heavy: bool,
    left: f64,
    worker: Option<usize>,
    on_desk: bool,
    was_allocated: bool,
    since: f64,
    sequence: u32,
    impatient_at: f64,
    lends_at: f64,
}

impl Case {
    fn points(&self) -> f64 {
        if self.heavy { 3.0 } else { 1.0 }
    }

    fn hours(&self) -> f64 {
        if self.heavy { 8.0 } else { 4.0 }
    }
}

/// When notice is given, when it ends, and when the post is filled.
struct Post {
    gives_notice: f64,
    goes: f64,
    comes: f64,
}

#[derive(Default)]
struct Counts {
    waited: f64,
    given: f64,
    over: f64,
    declined: f64,
    screened: f64,
    came_again: f64,
    closed: f64,
}

struct Service<'a> {
    rules: &'a Rules,
    now: f64,
    cases: Vec<Case>,
    posts: Vec<Post>,
    lapsed: bool,
    sequence: u32,
    counts: Counts,
}

/// 24:00 of the n-th working day after the day of a time; day 0 is a Wednesday.
fn after_working_days(time: f64, n: u32) -> f64 {
    let (mut day, mut left) = (time as u32, n);
    while left > 0 {
        day += 1;
        left -= u32::from((day + 2) % 7 < 5);
    }
    f64::from(day + 1)
}

impl Service<'_> {
    fn held(&self, post: usize) -> impl Iterator<Item = &Case> {
        self.cases.iter().filter(move |c| c.worker == Some(post))
    }

    fn ratio(&self, post: usize) -> f64 {
        self.held(post).map(Case::hours).sum::<f64>() / SUPPLY
    }

    fn load(&self, post: usize) -> f64 {
        let size = |case: &Case| match self.rules.in_points {
            true => case.points(),
            false => 1.0,
        };
        self.held(post).map(size).sum()
    }

    fn is_within(&self, case: usize, post: usize) -> bool {
        let adds = match self.rules.in_points {
            true => self.cases[case].points(),
            false => 1.0,
        };
        self.load(post) + adds <= self.rules.limit
    }

    fn fits(&self, case: usize, post: usize) -> bool {
        let heavy = self.held(post).filter(|c| c.heavy).count();
        let is_full = |most| self.cases[case].heavy && heavy >= most;
        self.lapsed || (self.is_within(case, post) && !self.rules.most_heavy.is_some_and(is_full))
    }

    /// The least loaded of an area who may be asked, the lowest of equals.
    fn least(&self, area: usize, may: impl Fn(usize) -> bool) -> Option<usize> {
        let mut best: Option<usize> = None;
        for post in 0..self.posts.len() {
            let is_here = self.posts[post].gives_notice < NEVER && self.rules.areas[post] == area;
            if is_here && may(post) && best.is_none_or(|best| self.load(post) < self.load(best)) {
                best = Some(post);
            }
        }
        best
    }

    fn waiting(&self) -> Vec<usize> {
        let mut list: Vec<usize> = (0..self.cases.len()).collect();
        list.retain(|at| self.cases[*at].worker.is_none());
        list.sort_by(|a, b| {
            let (a, b) = (&self.cases[*a], &self.cases[*b]);
            (b.was_allocated.cmp(&a.was_allocated))
                .then(a.since.total_cmp(&b.since))
                .then(a.sequence.cmp(&b.sequence))
        });
        list
    }

    fn give(&mut self, case: usize, post: usize) {
        self.counts.over += f64::from(u8::from(!self.is_within(case, post)));
        self.counts.waited += self.now - self.cases[case].since;
        self.counts.given += 1.0;
        let case = &mut self.cases[case];
        case.worker = Some(post);
        case.on_desk = false;
        case.was_allocated = true;
    }

    fn fill_desks(&mut self) {
        let first: Vec<usize> = self.waiting().into_iter().take(self.rules.desks).collect();
        for (at, case) in self.cases.iter_mut().enumerate() {
            case.on_desk = first.contains(&at);
        }
    }

    fn allocate(&mut self, rng: &mut StdRng) {
        for case in self.waiting() {
            let mut declined = vec![];
            let taker = loop {
                let area = self.cases[case].area;
                let asked = self.least(area, |post| {
                    self.fits(case, post) && !declined.contains(&post)
                });
                let (Some(post), Some((from, to))) = (asked, self.rules.discussion) else {
                    break asked;
                };
                let chance = (self.ratio(post) - from) / (to - from);
                if !rng.random_bool(chance.clamp(0.0, 1.0)) {
                    break asked;
                }
                self.counts.declined += 1.0;
                declined.push(post);
            };
            let is_late = self.cases[case].impatient_at <= self.now;
            let taker = taker.or_else(|| self.least(self.cases[case].area, |_| is_late));
            if let Some(post) = taker {
                self.give(case, post);
            }
        }
        for case in self.waiting() {
            let other = 1 - self.cases[case].area;
            if self.cases[case].lends_at <= self.now
                && let Some(post) = self.least(other, |post| self.fits(case, post))
            {
                self.give(case, post);
            }
        }
        self.fill_desks();
        while let Some(tolerated) = self.rules.tolerates {
            let mut list = self.waiting();
            list.retain(|at| !self.cases[*at].on_desk);
            list.sort_by(|a, b| {
                let (a, b) = (&self.cases[*a], &self.cases[*b]);
                (a.since.total_cmp(&b.since)).then(a.sequence.cmp(&b.sequence))
            });
            let taker = list
                .first()
                .and_then(|at| self.least(self.cases[*at].area, |_| true));
            match taker {
                Some(post) if list.len() > tolerated => self.give(list[0], post),
                _ => break,
            }
            self.fill_desks();
        }
    }

    /// A case is there, or there again, without a worker.
    fn wait(&mut self, case: usize, rng: &mut StdRng) {
        let now = self.now;
        let patience = self
            .rules
            .patience
            .map(|mean| Exp::new(1.0 / mean).unwrap());
        let at = &mut self.cases[case];
        (at.worker, at.since, at.sequence) = (None, now, self.sequence);
        at.impatient_at = patience.map_or(NEVER, |law| now + law.sample(rng));
        at.lends_at = (self.rules.lends_after).map_or(NEVER, |n| after_working_days(now, n));
        self.sequence += 1;
    }
}

/// What one play comes to: means of open and of waiting cases, of those that wait on no desk, and of the caseload of
/// those who hold any; days waited by those who were given; cases closed, given over the limit, declined, screened out and
/// come again; share of time in which the limit had lapsed; and the mean of open cases in the first area.
pub fn plain(rules: &Rules, rng: &mut StdRng) -> Vec<f64> {
    let arrives = Exp::new(0.33).unwrap();
    let leaves = Exp::new(0.8 / 365.25).unwrap();
    let comes_back = Exp::new(1.0 / COMES_BACK_AFTER).unwrap();
    let work = Gamma::new(4.0, 30.0 / 4.0).unwrap();
    let mut service = Service {
        rules,
        now: 0.0,
        cases: vec![],
        posts: vec![],
        lapsed: false,
        sequence: 0,
        counts: Counts::default(),
    };
    for _ in &rules.areas {
        service.posts.push(Post {
            gives_notice: leaves.sample(rng),
            goes: NEVER,
            comes: NEVER,
        });
    }
    let meets = rules.discussion.is_some();
    let (mut next, mut meeting, mut back): (f64, f64, _) =
        (arrives.sample(rng), 5.0, Vec::<f64>::new());
    let mut screening = false;
    let (mut open, mut waiting, mut reported, mut lapsed, mut of_first) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let (mut caseload, mut with_cases) = (0.0, 0.0);
    loop {
        let pace = |service: &Service<'_>, case: &Case| match case.worker {
            Some(post) => (1.0 / service.ratio(post)).min(1.0),
            None if case.on_desk => DESK_SPEED,
            None => 0.0,
        };
        let paces: Vec<f64> = service.cases.iter().map(|c| pace(&service, c)).collect();
        let mut due = next.min(HORIZON);
        if meets {
            due = due.min(meeting);
        }
        for post in &service.posts {
            due = due.min(post.gives_notice).min(post.goes).min(post.comes);
        }
        due = back.iter().copied().fold(due, f64::min);
        for (case, pace) in service.cases.iter().zip(&paces) {
            due = due.min(service.now + case.left / pace);
            for time in [case.impatient_at, case.lends_at] {
                if case.worker.is_none() && time > service.now {
                    due = due.min(time);
                }
            }
        }
        let days = due - service.now;
        let list = service.waiting();
        let on_desk = service.cases.iter().filter(|c| c.on_desk).count();
        let number = service.cases.len() as f64;
        open += number * days;
        waiting += list.len() as f64 * days;
        reported += (list.len() - on_desk) as f64 * days;
        lapsed += f64::from(u8::from(service.lapsed)) * days;
        let is_first = |case: &&Case| case.worker.map_or(case.area, |post| rules.areas[post]) == 0;
        of_first += service.cases.iter().filter(is_first).count() as f64 * days;
        let busy = (0..rules.areas.len()).filter(|post| service.held(*post).count() > 0);
        let busy = busy.count() as f64;
        if busy > 0.0 {
            caseload += (number - list.len() as f64) / busy * days;
            with_cases += days;
        }
        for (case, pace) in service.cases.iter_mut().zip(&paces) {
            case.left -= days * pace;
        }
        service.now = due;
        let now = due;
        if now >= HORIZON {
            let c = &service.counts;
            return vec![
                open / HORIZON,
                waiting / HORIZON,
                reported / HORIZON,
                caseload / with_cases,
                c.waited / c.given,
                c.closed,
                c.over,
                c.declined,
                c.screened,
                c.came_again,
                lapsed / HORIZON,
                of_first / HORIZON,
            ];
        }
        let before = service.cases.len();
        service.cases.retain(|case| case.left > 1e-9);
        service.counts.closed += (before - service.cases.len()) as f64;
        for post in 0..service.posts.len() {
            let at = &mut service.posts[post];
            if at.gives_notice <= now {
                (at.gives_notice, at.goes) = (NEVER, now + 20.0);
            } else if at.goes <= now {
                (at.goes, at.comes) = (NEVER, now + 40.0);
                for case in 0..service.cases.len() {
                    if service.cases[case].worker == Some(post) {
                        service.wait(case, rng);
                    }
                }
            } else if at.comes <= now {
                (at.comes, at.gives_notice) = (NEVER, now + leaves.sample(rng));
            }
        }
        let is_back = back.iter().any(|time| *time <= now);
        back.retain(|time| *time > now);
        if is_back || next <= now {
            service.counts.came_again += f64::from(u8::from(is_back));
            let share = rules.threshold.map_or(0.0, |(_, _, share)| share);
            if screening && rng.random_bool(share) {
                service.counts.screened += 1.0;
                if rng.random_bool(COMES_BACK) {
                    back.push(now + comes_back.sample(rng));
                }
            } else {
                service.cases.push(Case {
                    area: usize::from(!rng.random_bool(rules.first_area)),
                    heavy: !is_back && rng.random_bool(0.4),
                    left: work.sample(rng),
                    worker: None,
                    on_desk: false,
                    was_allocated: false,
                    since: now,
                    sequence: 0,
                    impatient_at: NEVER,
                    lends_at: NEVER,
                });
                service.wait(service.cases.len() - 1, rng);
            }
        }
        if next <= now {
            next = now + arrives.sample(rng);
        }
        let vacant = service.posts.iter().filter(|p| p.comes < NEVER).count() as f64;
        let share = vacant / rules.areas.len() as f64;
        service.lapsed = rules.lapses_above.is_some_and(|above| share > above);
        if !meets || meeting <= now {
            service.allocate(rng);
        }
        if meeting <= now {
            meeting += 7.0;
        }
        if let Some((above, until_below, _)) = rules.threshold {
            let waits = service.waiting().len();
            screening = match screening {
                true => waits >= until_below,
                false => waits > above,
            };
        }
    }
}
