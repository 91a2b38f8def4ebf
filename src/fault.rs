//! Things done wrong on purpose, so that tests can show that the checks would see them. A release build has none of this.

/// One thing done wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A fact is called recorded that is nowhere.
    AnsweredUnwritten,
    /// The journal's second copy is not written.
    CarbonForgotten,
    /// Nothing is made durable: what the system holds in memory is believed to be on the disk.
    SyncSkipped,
    /// The cache's cursor is kept before what it speaks of, and the power goes in between.
    CursorFirst,
    /// Own facts are added to a cache that contains them already.
    OwnFactsTwice,
    /// A row of the journal is left out of what is sent.
    RowLeftOut,
    /// Wrong PINs are not counted on disk.
    TriesForgotten,
    /// What is said again is posted again.
    PostedTwice,
    /// Two handhelds of one name are not told apart.
    ForkUnseen,
    /// Rows after a gap are taken.
    GapTaken,
    /// A row is kept otherwise than it came.
    RowChanged,
    /// Goods leave their place and come to none.
    HalfAMove,
    /// A change of stock is not told to the handhelds.
    NewsKeptBack,
    /// A page of news says that it reaches further than it does.
    NewsSkipped,
    /// A ready cache file says that it reaches further than it does.
    SnapshotAhead,
    /// An office that was put back from a copy says that it is the one of before.
    OldLifeGoesOn,
}

#[cfg(debug_assertions)]
thread_local! {
    static NOW: std::cell::Cell<Option<Fault>> = const { std::cell::Cell::new(None) };
}

/// Whether this is to be done wrong on this thread. Never in a release build.
#[inline]
pub fn is(fault: Fault) -> bool {
    #[cfg(debug_assertions)]
    return NOW.get() == Some(fault);
    #[cfg(not(debug_assertions))]
    {
        let _ = fault;
        false
    }
}

/// From now on this is done wrong on this thread; nothing: all is done right.
#[cfg(debug_assertions)]
pub fn set(fault: Option<Fault>) {
    NOW.set(fault);
}
