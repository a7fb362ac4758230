"""Two hundred texts that people refine: none holds a secret, some look a little like it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]

HARMLESS = (
    # What documentation says of passwords and keys.
    "Set OPENAI_API_KEY to your key, then restart the editor.",
    "export OPENAI_API_KEY=sk-...",
    "export OPENAI_API_KEY=<your key>",
    "OPENAI_API_KEY=$OPENAI_API_KEY self-refine refine notes.md",
    "The password is case-sensitive and must have twelve characters.",
    "Your password is required to confirm the change.",
    "Password: ********",
    "password: ${DB_PASSWORD}",
    "password: {{ vault.db_password }}",
    "DB_PASSWORD=changeme",
    "POSTGRES_PASSWORD: postgres",
    "postgres://user:password@localhost:5432/app",
    "https://user:pass@host/v1?x=y#z",
    "mongodb://USER:PASSWORD@host/db",
    "redis://:${REDIS_PASSWORD}@cache:6379/0",
    "curl -u USER:TOKEN https://api.example.org/v1/me",
    "curl -H 'Authorization: Bearer $TOKEN' https://api.example.org/v1/me",
    "Authorization: Bearer <token>",
    "Authorization: Basic <credentials>",
    "A JWT has three parts: header, payload and signature, with dots between them.",
    "Rotate the access token every ninety days.",
    "The secret of a good release note is what it leaves out.",
    "Keep the API key in the keyring, never in config.toml.",
    "The tokenizer splits the text into 8,000 tokens.",
    "Passphrases of four words are easier to remember than passwords.",
    "See `ssh-keygen -t ed25519`; the public key ends in .pub.",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKx3v5m8y0Zs1w2r4t6y8u0i2o4p6a8s0d2f4g6h8j0k me@host",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\nmQ\n-----END PGP PUBLIC KEY BLOCK-----",
    "machine learning with a login password form",
    # Code that handles them.
    "def login(user: str, password: str) -> Session: ...",
    'password = getpass("Password: ")',
    'password = os.environ["DB_PASSWORD"]',
    "self.password = password",
    "if password != confirmation: raise ValueError('they differ')",
    'parser.add_argument("--token", help="an access token")',
    "token = next(tokens)",
    "api_key=settings.api_key,",
    "const apiKey = process.env.API_KEY;",
    'client = OpenAI(api_key=os.getenv("OPENAI_API_KEY"))',
    "secret = secrets.token_hex(16)",
    'SECRET_KEY = os.environ.get("SECRET_KEY", "")',
    "password_hash = bcrypt.hashpw(password, salt)",
    "private_key = rsa.generate_private_key(65537, 2048)",
    "access_token = response.json()['access_token']",
    "type Credentials = { user: string; password: string };",
    "var passwordField = document.getElementById('password');",
    "grant_type=client_credentials&scope=read",
    "CREATE USER app WITH PASSWORD :'password';",
    "keys = sorted(mapping.keys())",
    # Numbers and letters that are long and say nothing.
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
    "Fixed in 0ab1c2d3e4f5 and released as 2.14.0-rc.1+build.20261128.",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    '"integrity": "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7="',
    "The run 7c9e6679-7425-40de-944b-e07fc1f90ae7 ended after 12 seconds.",
    'etag: W/"33a64df551425fcc55e4d42a148795d9f25f89d4"',
    "Order 4111-1111 was shipped; tracking number 1Z999AA10123456784.",
    "ISBN 978-3-16-148410-0, DOI 10.1000/xyz123.",
    "IBAN DE89 3704 0044 0532 0130 00 is the one of the manual.",
    "https://example.org/posts/2026/11/28/what-we-learned?utm_source=newsletter&id=42",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
    "0x00007ff6 0x7fffffffe4b0 0xdeadbeef",
    "2026-11-28T06:02:11.123Z INFO worker-3 finished batch 12345678901234567890",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit.",
    "com.example.project.module.SubmoduleConfigurationFactoryBean",
    "node_modules/.cache/babel-loader/1b2c3d4e5f60718293a4b5c6d7e8f901.json",
    "The colour is #a1b2c3, its companion rgba(161, 178, 195, 0.5).",
    "10.0.0.1:5432 answered; 192.168.1.20:6379 did not.",
)


def ordinary_texts(count=200):
    """The harmless ones, then sections of the project's own pages, packs and programs."""
    files = [
        *sorted((ROOT / "docs").glob("*.md")),
        *sorted((ROOT / "criteria").glob("*.md")),
        *sorted((ROOT / "examples").glob("*.md")),
        ROOT / "README.md",
        *sorted((ROOT / "server").rglob("*.py")),
    ]
    texts = list(HARMLESS)
    for file in files:
        sections = re.split(r"\n\n(?=#|def |class )", file.read_text("utf-8"))
        texts += [s for s in sections[:6] if len(s) > 80]
    assert len(texts) >= count
    return texts[:count]
