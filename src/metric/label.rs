//! What each metric is called among people: the heading of a table, the title of a chart.

use crate::metric::catalogue::Metric;

impl Metric {
    /// Its name in plain words, with a capital.
    pub fn label(self) -> &'static str {
        match self {
            Metric::CaseloadMean => "Cases per full-time worker",
            Metric::CaseloadMeanAverage => "Cases per full-time worker, all month",
            Metric::CaseloadInPost => "Cases per full-time worker in post",
            Metric::CaseloadInPostAverage => "Cases per full-time worker in post, all month",
            Metric::CaseloadEstablished => "Cases per full-time post",
            Metric::CaseloadMedian => "Caseload of the worker in the middle",
            Metric::CaseloadP90 => "Caseload that nine workers in ten do not exceed",
            Metric::CaseloadHighest => "Highest caseload of one worker",
            Metric::CaseloadSd => "Spread of caseloads between workers",
            Metric::FamiliesMean => "Families per full-time worker",
            Metric::FamiliesMedian => "Families of the worker in the middle",
            Metric::FamiliesP90 => "Families that nine workers in ten do not exceed",
            Metric::FamiliesHighest => "Most families of one worker",
            Metric::FamiliesSd => "Spread of families between workers",
            Metric::PointsPerWorker => "Points per full-time worker",
            Metric::HoursPerWorker => "Hours needed per full-time worker",
            Metric::AboveLimitShare => "Workers above their limit",
            Metric::AboveGuidelineShare => "Workers above the guideline",
            Metric::Drift => "Load above the limit that no allocation put there",
            Metric::DriftCases => "Cases above the limit that no allocation put there",
            Metric::FamilyOvershoot => "Load above the limit to keep families together",
            Metric::FamilyOvershootCases => "Children above the limit to keep families together",
            Metric::AllocatedOverLimit => "Cases given out over the limit",
            Metric::LimitLapsed => "Time in which the limit had lapsed",
            Metric::Declined => "Requests that workers declined",
            Metric::WorkloadRatio => "Hours needed for each hour there is",
            Metric::OverloadedShare => "Time with more work than hours",
            Metric::Slack => "Workers' hours not used",
            Metric::Overtime => "Overtime",
            Metric::ToilOwed => "Time off owed",
            Metric::HoursGiven => "Overtime given away",
            Metric::StrainMean => "Strain",
            Metric::StrainMeanAverage => "Strain, all month",
            Metric::BurntOutShare => "Workers burnt out",
            Metric::BurntOutShareAverage => "Workers burnt out, all month",
            Metric::BurntOutAttributable => "Workers burnt out through workload",
            Metric::BurntOutAttributableAverage => "Workers burnt out through workload, all month",
            Metric::BurntOutEver => "People ever burnt out",
            Metric::Unallocated => "Cases without a worker",
            Metric::UnallocatedCensus => "Cases without a worker at month end",
            Metric::UnallocatedReported => "Cases without a worker, as reported",
            Metric::ManagerHeld => "Cases held by managers",
            Metric::WaitMean => "Wait of those given a worker",
            Metric::WaitP90 => "Wait that nine in ten of those given a worker did not exceed",
            Metric::QueueAgeMean => "Time waited by those still waiting",
            Metric::QueueAgeLongest => "Longest time waited by one still waiting",
            Metric::StillWaiting => "Referrals still waiting at the mark",
            Metric::Referrals => "Children referred",
            Metric::Allocations => "Cases given to a worker",
            Metric::Closures => "Cases closed",
            Metric::Escalations => "Cases that grew more complex",
            Metric::Returns => "Children who came back",
            Metric::CameAgain => "Children screened out who came again",
            Metric::Withdrawals => "Cases that left unserved",
            Metric::ScreenedOut => "Children turned away",
            Metric::Transfers => "Cases given to another worker",
            Metric::WorkerChanges => "Changes of worker in a year",
            Metric::OpenCases => "Open cases",
            Metric::OpenCasesCensus => "Open cases at month end",
            Metric::AllocatedCases => "Cases with a worker",
            Metric::DirectHours => "Direct hours per open case",
            Metric::NeedMet => "Need met",
            Metric::Supervision => "Supervision per worker",
            Metric::DeadlinesMet => "Deadlines kept",
            Metric::Leavers => "People who left",
            Metric::Turnover => "Turnover",
            Metric::AgencyLeavers => "Agency workers who left",
            Metric::ToilPaidOut => "Time owed that was paid out",
            Metric::Starters => "People who started",
            Metric::VacancyRate => "Posts vacant",
            Metric::VacancyCovered => "Vacancies covered by agency",
            Metric::AgencyShare => "Agency share of workers",
            Metric::AbsenceRate => "Time absent",
            Metric::InPost => "Full-time workers in post",
            Metric::InPostPermanent => "Permanent full-time workers in post",
            Metric::FilledPosts => "Posts filled",
            Metric::CasesPerFilledPost => "Cases per filled post",
            Metric::CapacityGap => "Full-time workers missing",
            Metric::Cost => "Cost",
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::metric::catalogue::CATALOGUE;

    #[test]
    fn no_two_metrics_are_called_alike() {
        let mut labels: Vec<&str> = CATALOGUE.iter().map(|d| d.metric.label()).collect();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), CATALOGUE.len());
    }
}
