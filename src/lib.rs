//! casecap answers one question for people services: how many cases may one worker hold, and what
//! happens then?
//!
//! It plays a service forward in continuous time, many times and in parallel, under cap policies
//! that a planner writes down in a file, and reports month by month caseload, burnout risk and
//! cases without a worker.
//!
//! # The rooms
//!
//! Arrows point down: a room imports only from rooms below it.
//!
//! | room | what stands there |
//! | --- | --- |
//! | [`cli`] | the flags |
//! | [`output`], [`validation`] | results to people; simulated beside exact |
//! | [`experiment`] | many replications, in parallel, folded in a fixed order |
//! | [`engine`] | one replication |
//! | [`scenario`] | the file as written, every rule it must keep, and the service as checked |
//! | [`policy`], [`random`] | what a manager decides; chance and only chance |
//! | [`model`], [`metric`], [`statistics`], [`theory`], [`text`] | what a service is; what is measured; numbers about numbers; exact answers; text that others wrote |
//!
//! # The model in one page
//!
//! Time is continuous, in days; rates per month use 365.25/12 days. **Families** come by a Poisson stream whose
//! rate is constant within a calendar month (season, growth, surges, gamma noise), or on listed days. Each child is a
//! **case** on a pathway of **stages**. On entering a stage it draws one duration for each way out, and the first
//! clock to reach its duration ends the stage: *work* runs at the speed `s` of its worker, a *risk* at `1 + k u` with
//! `u` the unmet need, *withdrawal* while nobody has the case. Work stands still without a worker, with an absent one,
//! and for the handover after a change of worker.
//!
//! For a worker with cases `c`, contract `h` and direct-work share `d`:
//!
//! ```text
//! demand D = sum of hours(c)        nominal supply S0 = h d ramp        workload ratio rho = D / S0
//! supply S = S0 max(floor, 1 - loss max(0, rho - 1))                    overtime o = clamp(D - S, 0, overtime_max h)
//! coverage q = (S + o) / D          unmet need u = max(0, 1 - q)        time owed grows by o, falls by toil_back max(0, S - s D)
//! speed s = min(speed_max, q) for q >= 1;   1 for thin <= q < 1;   q / thin below
//! strain dz/dt = (gain max(0, rho - onset) - z) / tau                   burnt out while a + z > c, a ~ Normal(0, 1)
//! leaving hazard = leave(grade, years) exp(b (f a + z) - (b f)^2 / 2), at most hazard_max; absence alike
//! ```
//!
//! Hazards fire exactly, without a time step, where a keyed Poisson field of points (time, mark) first has a mark below
//! the hazard. Vacancies are filled after a time, covered by agency after a lead. A **policy** says how many cases a
//! worker may hold, how long a manager holds to that, when cases are given out and in which order; a case that nobody may
//! take waits. Closed cases may return. Every draw belongs to something that exists under every policy, so policies are
//! compared on the same luck.

pub mod cli;
pub mod engine;
pub mod experiment;
pub mod metric;
pub mod model;
pub mod output;
pub mod policy;
pub mod random;
pub mod scenario;
pub mod statistics;
pub mod text;
pub mod theory;
pub mod validation;
