//! The office on the wire: the calls of [`crate::sync`] over HTTPS. Knows nothing of stock; asks the office for everything.

mod body;
pub(super) mod limits;
mod open;
mod open_export;
mod open_write;
mod routes;
mod tls;

pub use tls::{NoIdentity, TlsIdentity};

use super::{Office, web};
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

/// How long a caller may take to say what it wants, and how long a connection may be idle.
const HEADERS: Duration = Duration::from_secs(20);

/// Why the office cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum NotServed {
    /// The address is taken, or not ours.
    #[error("the office cannot listen at {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The system gives no threads.
    #[error("the office cannot start its threads: {0}")]
    Threads(io::Error),
}

/// An office being served. Dropping it stops it.
pub struct Serving {
    address: SocketAddr,
    handle: Handle<SocketAddr>,
    runtime: Option<tokio::runtime::Runtime>,
    done: tokio::task::JoinHandle<io::Result<()>>,
}

impl Serving {
    /// Listens at this address (port 0: any free one) and answers from threads of its own.
    pub fn start(
        office: Office,
        address: SocketAddr,
        identity: &TlsIdentity,
    ) -> Result<Self, NotServed> {
        let failed = |source| NotServed::Listen { address, source };
        let listener = TcpListener::bind(address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let bound = listener.local_addr().map_err(failed)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(NotServed::Threads)?;
        let handle = Handle::new();
        let config = RustlsConfig::from_config(identity.server_config());
        let app = routes::router(office.clone())
            .merge(web::router(office, identity.fingerprint()))
            .into_make_service_with_connect_info::<SocketAddr>();
        let entered = runtime.enter();
        let mut server = axum_server::from_tcp_rustls(listener, config)
            .map_err(failed)?
            .handle(handle.clone());
        server.http_builder().http1().header_read_timeout(HEADERS);
        let done = runtime.spawn(server.serve(app));
        drop(entered);
        Ok(Self {
            address: bound,
            handle,
            runtime: Some(runtime),
            done,
        })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until it is told to stop by Ctrl-C or the system, then lets calls under way finish.
    pub fn run_until_signal(mut self) -> io::Result<()> {
        let Some(runtime) = self.runtime.take() else {
            return Ok(());
        };
        runtime.block_on(async {
            let mut stop =
                tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = stop.recv() => {}
            }
            self.handle.graceful_shutdown(Some(Duration::from_secs(5)));
            (&mut self.done)
                .await
                .unwrap_or_else(|stopped| Err(io::Error::other(stopped)))
        })
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.handle.shutdown();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(2));
        }
    }
}
