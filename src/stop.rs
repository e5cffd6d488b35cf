//! Graceful shutdown. When a stop is requested, a run finishes its current step and starts no other.

use tokio::sync::watch;

/// The receiving end: reports whether a stop was requested. The default value never receives a request.
#[derive(Debug, Clone, Default)]
pub struct Stop(Option<watch::Receiver<bool>>);

/// The sending end: requests a stop from every [`Stop`] created with it.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

impl Stopper {
    /// Requests the stop; later calls have no effect.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// A connected pair.
    pub fn new() -> (Stopper, Self) {
        let (sender, receiver) = watch::channel(false);
        (Stopper(sender), Self(Some(receiver)))
    }

    /// Whether a stop was requested.
    pub fn is_requested(&self) -> bool {
        self.0.as_ref().is_some_and(|receiver| *receiver.borrow())
    }

    /// Waits until a stop is requested; never returns if that can no longer happen.
    pub async fn requested(&self) {
        if let Some(mut receiver) = self.0.clone()
            && receiver.wait_for(|requested| *requested).await.is_ok()
        {
            return;
        }
        // The sender is gone.
        std::future::pending::<()>().await;
    }
}
