//! The sentence about a service whose change does not stand out among those of many services.

/// A verdict that found a change, of one of so many services that were tested, of which noise alone would change as much as this one.
pub fn among_services(headline: &str, services: usize) -> String {
    format!(
        "Not significant among the {services} services that were compared, of which some seem to have changed by chance. By itself: {headline}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_of_the_service_alone_is_kept() {
        let said = among_services("CPU use is 12 % higher.", 2000);
        assert!(said.starts_with("Not significant among the 2000 services"), "{said}");
        assert!(said.ends_with("By itself: CPU use is 12 % higher."), "{said}");
    }
}
