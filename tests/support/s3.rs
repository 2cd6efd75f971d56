//! An S3-compatible server: real HTTP, signatures, multipart uploads and conditional writes, over a folder.

use std::net::SocketAddr;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::sync::oneshot;

/// A running server with one bucket; it ends with this value.
#[derive(Debug)]
pub struct S3Server {
    address: SocketAddr,
    folder: tempfile::TempDir,
    _stop: oneshot::Sender<()>,
}

impl S3Server {
    /// The bucket that exists.
    pub const BUCKET: &'static str = "heldout";
    /// The region to sign for.
    pub const REGION: &'static str = "us-east-1";
    /// The only account's access key.
    pub const ACCESS_KEY: &'static str = "test-access-key";
    /// The only account's secret key.
    pub const SECRET_KEY: &'static str = "test-secret-key";

    /// Starts a server on a free port, on a thread of its own.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(Self::BUCKET)).unwrap();
        let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(Self::ACCESS_KEY, Self::SECRET_KEY));
        let service = service.build();

        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                tokio::select! {
                    () = serve(listener, service) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { address, folder, _stop: stop }
    }

    /// Its address, without TLS.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The folder that holds the bucket's objects as files.
    pub fn bucket_folder(&self) -> std::path::PathBuf {
        self.folder.path().join(Self::BUCKET)
    }
}

async fn serve(listener: tokio::net::TcpListener, service: S3Service) {
    while let Ok((socket, _)) = listener.accept().await {
        let service = service.clone();
        tokio::spawn(async move {
            // A client that closes its connection is no concern of the server's.
            let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(socket), service).await;
        });
    }
}
