//! Keeps answers in memory for as long as they hold. Equal questions at the same time are computed once, and cancelled when all
//! callers have left.
//!
//! An entry weighs the bytes of its key and its answer, so that a flood of different questions with empty answers
//! stays within the limit, too. It is dropped when the limit is reached (the least recently used first), after [`IDLE`]
//! without use, and [`TTL`] after it was computed.

use super::distribution::{BinScale, Distribution};
use super::flights::Flights;
use super::{QueryError, Question};
use crate::auth::Bounds;
use crate::store::{
    CostsOverTime, CostsQuery, Freshness, Mark, MergedTree, ProfileTimes, Replica, SeriesInfo, Storage,
    TimeRange, TotalsSeries,
};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::selector::Selector;
use futures::FutureExt;
use futures::future::BoxFuture;
use moka::future::Cache;
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

const IDLE: Duration = Duration::from_secs(540);
const TTL: Duration = Duration::from_secs(3600);

/// The two reference counts of an `Arc`.
const ARC_BYTES: usize = 2 * size_of::<usize>();
/// What the map (moka 0.12) allocates for an entry besides key and value: timestamps and reference counts, two queue nodes and the
/// list of them, a bucket and its slot in the hash table. Measured as the growth of a process by 200 000 entries with empty
/// answers, 680 bytes each, less the key (264 and its `Arc`), the value (32) and the answer (24 and its `Arc`): 328,
/// rounded up. What the allocator adds is in it.
const MAP_BYTES: usize = 336;
/// Bytes of an entry without what its key and its answer point to: the key, which the map holds in an `Arc`, the value, and
/// the map's own.
const ENTRY_BYTES: usize = ARC_BYTES + size_of::<Key>() + size_of::<Entry>() + MAP_BYTES;

/// An operation of the store with its parameters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Operation {
    Series,
    Totals(ProfileType, i64, Vec<String>),
    CallTree(ProfileType),
    Costs(ProfileType, CostsQuery),
    Distribution(ProfileType, i64, BinScale),
    ProfileTimes(ProfileType),
    CostsByReplica(ProfileType, CostsQuery, Vec<Replica>),
    Breakdown(ProfileType, String),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    /// Name of the storage.
    storage: Arc<str>,
    operation: Operation,
    selector: Selector,
    range: TimeRange,
    spans: Vec<String>,
    bounds: Bounds,
}

#[derive(Clone)]
struct Entry {
    answer: Arc<dyn Any + Send + Sync>,
    /// Bytes of the answer, with all that it points to.
    answer_bytes: usize,
    /// State of the store before the answer was computed.
    mark: Mark,
}

pub(super) struct AnswerCache {
    entries: Cache<Key, Entry>,
    under_way: Flights<Key, Entry>,
    storage: Arc<str>,
    freshness: Arc<dyn Freshness>,
}

impl AnswerCache {
    /// A cache of answers of `storage` that takes about so many bytes.
    pub(super) fn new(bytes: u64, storage: &Storage) -> AnswerCache {
        let entries = Cache::builder()
            .max_capacity(bytes)
            .weigher(weight)
            .eviction_policy(moka::policy::EvictionPolicy::lru())
            .time_to_idle(IDLE)
            .time_to_live(TTL)
            .build();
        let (storage, freshness) = (storage.name.clone(), storage.freshness.clone());
        AnswerCache { entries, under_way: Flights::default(), storage, freshness }
    }

    /// The cached answer if it still holds, or else the one that `compute` gives, which is then cached. Dropping the future
    /// ends the computation, unless others wait for it as well.
    pub(super) async fn get<T: Answer>(
        &self,
        operation: Operation,
        question: &Question,
        compute: BoxFuture<'static, Result<T, QueryError>>,
    ) -> Result<Arc<T>, QueryError> {
        let holds = |mark: Mark| self.freshness.holds(mark, question.service(), question.range);
        let key = self.key(operation, question);
        if let Some(entry) = self.entries.get(&key).await.filter(|entry| holds(entry.mark)) {
            metrics::counter!("flarepath_query_cache_hits_total").increment(1);
            return typed(entry);
        }
        let entries = self.entries.clone();
        let begin = || {
            let mark = self.freshness.mark();
            let key = key.clone();
            let computation = async move {
                let entry = Entry::new(compute.await?, mark);
                entries.insert(key, entry.clone()).await;
                Ok(entry)
            };
            (mark, computation.boxed())
        };
        typed(self.under_way.join(key.clone(), holds, begin).await?)
    }

    /// Drops what has expired; without it, that waits for the next question.
    pub(super) async fn expire(&self) {
        self.entries.run_pending_tasks().await;
        metrics::gauge!("flarepath_cache_bytes", "cache" => "answers")
            .set(self.entries.weighted_size() as f64);
    }

    fn key(&self, operation: Operation, question: &Question) -> Key {
        Key {
            storage: self.storage.clone(),
            operation,
            selector: question.selector.clone(),
            range: question.range,
            spans: question.spans.clone(),
            bounds: question.bounds.clone(),
        }
    }
}

impl Entry {
    fn new<T: Answer>(answer: T, mark: Mark) -> Entry {
        let answer_bytes = ARC_BYTES + size_of::<T>() + answer.bytes();
        Entry { answer: Arc::new(answer), answer_bytes, mark }
    }
}

/// Bytes that an entry takes.
fn weight(key: &Key, entry: &Entry) -> u32 {
    u32::try_from(ENTRY_BYTES + key.bytes() + entry.answer_bytes).unwrap_or(u32::MAX)
}

fn typed<T: Answer>(entry: Entry) -> Result<Arc<T>, QueryError> {
    let wrong =
        |_| QueryError::Internal("the answer of another operation is cached under this key".to_owned());
    entry.answer.downcast().map_err(wrong)
}

impl Key {
    /// Bytes that it points to: every string, and the lists that hold them.
    fn bytes(&self) -> usize {
        let bounds = match &self.bounds {
            Bounds::Everything => 0,
            Bounds::AnyOf(selectors) => selectors.iter().map(selector_bytes).sum(),
        };
        selector_bytes(&self.selector) + bounds + list_bytes(&self.spans) + self.operation.bytes()
    }
}

impl Operation {
    fn bytes(&self) -> usize {
        match self {
            Operation::Series => 0,
            Operation::Totals(profile_type, _, by) => type_bytes(profile_type) + list_bytes(by),
            Operation::CallTree(profile_type)
            | Operation::Distribution(profile_type, ..)
            | Operation::ProfileTimes(profile_type) => type_bytes(profile_type),
            Operation::Breakdown(profile_type, label) => type_bytes(profile_type) + label.len(),
            Operation::Costs(profile_type, query) => type_bytes(profile_type) + rows_bytes(query),
            Operation::CostsByReplica(profile_type, query, replicas) => {
                let replicas = replicas.iter().map(replica_bytes).sum::<usize>();
                type_bytes(profile_type) + rows_bytes(query) + replicas
            }
        }
    }
}

fn rows_bytes(query: &CostsQuery) -> usize {
    let functions = query.rows.iter().flatten();
    let strings = functions.map(|f| 72 + f.name.len() + f.file.len() + f.mapping.len());
    24 * query.rows.len() + strings.sum::<usize>()
}

fn replica_bytes(replica: &Replica) -> usize {
    size_of_val(replica) + replica.service.len() + replica.label.len() + replica.value.len()
}

fn selector_bytes(selector: &Selector) -> usize {
    24 + selector.matchers.iter().map(|m| size_of_val(m) + m.name.len() + m.value.len()).sum::<usize>()
}

fn list_bytes(strings: &[String]) -> usize {
    strings.iter().map(|text| size_of_val(text) + text.len()).sum()
}

fn type_bytes(t: &ProfileType) -> usize {
    t.name.len() + t.sample_type.len() + t.sample_unit.len() + t.period_type.len() + t.period_unit.len()
}

/// What the cache may hold.
pub(super) trait Answer: Any + Send + Sync {
    /// Bytes that it points to, roughly.
    fn bytes(&self) -> usize;
}

impl Answer for Vec<SeriesInfo> {
    /// Labels and types are the store's own.
    fn bytes(&self) -> usize {
        size_of_val(&self[..])
    }
}

impl Answer for Vec<TotalsSeries> {
    fn bytes(&self) -> usize {
        self.iter().map(|group| 100 + 60 * group.labels.len() + 16 * group.points.len()).sum()
    }
}

impl Answer for MergedTree {
    /// A node has frame, parent, self and total; a frame its columns and a name of usual length.
    fn bytes(&self) -> usize {
        self.tree.len() * 24 + self.tree.frames().len() * 100 + 200
    }
}

impl Answer for CostsOverTime {
    fn bytes(&self) -> usize {
        self.values().map(|column| 100 + 8 * column.rows.len()).sum()
    }
}

impl Answer for Vec<CostsOverTime> {
    fn bytes(&self) -> usize {
        self.iter().map(|costs| size_of_val(costs) + costs.bytes()).sum()
    }
}

impl Answer for ProfileTimes {
    fn bytes(&self) -> usize {
        let replicas = self.replicas.iter().map(|times| 64 + replica_bytes(&times.replica));
        replicas.sum::<usize>() + 16 * self.len()
    }
}

impl Answer for Distribution {
    fn bytes(&self) -> usize {
        self.columns.values().map(|column| 100 + 40 * column.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::memory::MemoryStore;
    use flarepath_profile::unix_nanos::UnixNanos;

    const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";

    fn cache(bytes: u64) -> AnswerCache {
        AnswerCache::new(bytes, &Storage::exclusive("memory", Arc::new(MemoryStore::new())))
    }

    fn question(selector: &str, end_ns: i64) -> Question {
        Question::new(selector.parse().unwrap(), TimeRange::nanos(0, end_ns))
    }

    #[tokio::test]
    async fn different_empty_answers_stay_within_the_limit() {
        const LIMIT: u64 = 4 << 20;
        let cache = cache(LIMIT);
        for i in 0..100_000 {
            let question = question(r#"{service_name="checkout", region=~"eu-.*"}"#, i);
            let empty = async { Ok(Vec::<SeriesInfo>::new()) }.boxed();
            assert!(cache.get(Operation::Series, &question, empty).await.unwrap().is_empty());
        }
        cache.entries.run_pending_tasks().await;
        assert!(cache.entries.weighted_size() <= LIMIT, "{}", cache.entries.weighted_size());
        let most = LIMIT / ENTRY_BYTES as u64;
        assert!((1..=most).contains(&cache.entries.entry_count()), "{}", cache.entries.entry_count());
    }

    #[test]
    fn a_key_weighs_at_least_its_strings() {
        let long = "x".repeat(1000);
        let rows = vec![vec![crate::store::Function {
            name: long.clone(),
            file: long.clone(),
            mapping: long.clone(),
        }]];
        let query = CostsQuery { step_ns: 1, cost: flarepath_profile::top_table::Cost::Total, rows };
        let replica = Replica { service: long.clone(), label: long.clone(), value: long.clone() };
        let name = || ProfileType { name: long.clone(), ..CPU.parse().unwrap() };
        let mut question = question(&format!(r#"{{a="{long}"}}"#), 1);
        question.spans.push(long.clone());
        question.bounds = Bounds::AnyOf(vec![format!(r#"{{b="{long}"}}"#).parse().unwrap()]);
        let cache = cache(1);
        for (operation, strings) in [
            (Operation::Series, 3),
            (Operation::Totals(name(), 1, vec![long.clone()]), 5),
            (Operation::CallTree(name()), 4),
            (Operation::Distribution(name(), 1, BinScale::Log), 4),
            (Operation::ProfileTimes(name()), 4),
            (Operation::Costs(name(), query.clone()), 7),
            (Operation::CostsByReplica(name(), query, vec![replica]), 10),
            (Operation::Breakdown(name(), long.clone()), 5),
        ] {
            let bytes = cache.key(operation, &question).bytes();
            assert!((strings * 1000..strings * 1000 + 1000).contains(&bytes), "{strings}: {bytes}");
        }
    }

    #[test]
    fn an_entry_weighs_at_least_its_key_and_its_answer() {
        let cache = cache(1);
        let mut question = question("{}", 1);
        question.spans.push("x".repeat(1000));
        let mark = cache.freshness.mark();
        let tree = MergedTree { tree: flarepath_profile::call_tree::CallTree::empty(), profiles: 0 };
        let distribution =
            Distribution { bins: flarepath_profile::heatmap::Bins::Log, columns: Default::default() };
        for (entry, answer_bytes) in [
            (Entry::new(Vec::<SeriesInfo>::new(), mark), size_of::<Vec<SeriesInfo>>()),
            (Entry::new(Vec::<TotalsSeries>::new(), mark), size_of::<Vec<TotalsSeries>>()),
            (Entry::new(tree, mark), size_of::<MergedTree>()),
            (Entry::new(CostsOverTime::new(), mark), size_of::<CostsOverTime>()),
            (Entry::new(distribution, mark), size_of::<Distribution>()),
        ] {
            let key = cache.key(Operation::Series, &question);
            let own = size_of::<Key>() + size_of::<Entry>() + 1000 + answer_bytes;
            let weight = weight(&key, &entry) as usize;
            assert!((own..own + 2000).contains(&weight), "{weight} for {own}");
        }
    }

    #[tokio::test]
    async fn an_answer_is_computed_again_once_it_no_longer_holds() {
        use crate::store::conformance::{ProfileSpec, new_profile};
        let storage = Storage::exclusive("memory", Arc::new(MemoryStore::new()));
        let cache = AnswerCache::new(1 << 20, &storage);
        let question = question("{}", i64::MAX);
        let points = async |value: usize| {
            let totals =
                vec![TotalsSeries { labels: Default::default(), points: vec![(UnixNanos(0), 1); value] }];
            let compute = async { Ok(totals) }.boxed();
            let operation = Operation::Totals(CPU.parse().unwrap(), 1, Vec::new());
            cache.get(operation, &question, compute).await.unwrap()[0].points.len()
        };
        assert_eq!((points(1).await, points(2).await), (1, 1));
        let profile = new_profile(&ProfileSpec { start_ns: 5, ..ProfileSpec::default() });
        storage.write.unwrap().append(vec![profile]).await.unwrap();
        assert_eq!((points(3).await, points(4).await), (3, 3));
    }
}
