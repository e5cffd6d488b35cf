//! A request to stop: what runs ends the step that it is in, and begins no other.

use tokio::sync::watch;

/// Tells whether a run is asked to stop. The default never is.
#[derive(Debug, Clone, Default)]
pub struct Stop(Option<watch::Receiver<bool>>);

/// Asks every [`Stop`] that came from it to stop.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

impl Stopper {
    /// Asks to stop.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// A request that has not been made yet, and what makes it.
    pub fn new() -> (Stopper, Self) {
        let (sender, receiver) = watch::channel(false);
        (Stopper(sender), Self(Some(receiver)))
    }

    /// Whether the run is asked to stop.
    pub fn is_requested(&self) -> bool {
        self.0.as_ref().is_some_and(|receiver| *receiver.borrow())
    }

    /// Waits until the run is asked to stop.
    pub async fn requested(&self) {
        if let Some(mut receiver) = self.0.clone()
            && receiver.wait_for(|requested| *requested).await.is_ok()
        {
            return;
        }
        // Nobody can ask any more.
        std::future::pending::<()>().await;
    }
}
