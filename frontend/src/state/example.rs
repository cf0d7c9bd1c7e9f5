//! A small profile to look around in before there is one of one's own: folded stacks of a made-up shop, one sample a count.

pub(crate) const NAME: &str = "example.folded";

/// The parameter of the local page that opens it.
pub(crate) const PARAMETER: &str = "example";

pub(crate) const STACKS: &str = "\
main;serve;accept 12
main;serve;handle_order;parse_cart;json::from_slice;json::parse_object;json::parse_string 61
main;serve;handle_order;parse_cart;json::from_slice;json::parse_object;json::parse_number 23
main;serve;handle_order;parse_cart;json::from_slice;alloc::realloc 14
main;serve;handle_order;check_voucher;regex::Regex::new;regex::compile;regex::nfa::add_state 118
main;serve;handle_order;check_voucher;regex::Regex::new;regex::compile;alloc::alloc 47
main;serve;handle_order;check_voucher;regex::Regex::new;regex::parse 39
main;serve;handle_order;check_voucher;regex::Regex::is_match 9
main;serve;handle_order;price::total;price::discount 44
main;serve;handle_order;price::total;price::tax 17
main;serve;handle_order;store::insert;store::encode;memcpy 16
main;serve;handle_order;store::insert;syscall::write 35
main;serve;handle_order;log::write;fmt::format 21
main;serve;handle_search;index::lookup;index::intersect 52
main;serve;handle_search;index::lookup;index::decode_block 33
main;serve;handle_search;rank::score;rank::distance 41
main;serve;handle_search;json::to_vec;fmt::format 15
main;metrics::push;json::to_vec 6
main;gc::run;gc::mark 18
main;gc::run;gc::sweep 7
";
