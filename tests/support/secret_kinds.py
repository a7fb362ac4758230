"""More than a hundred kinds of secrets, each made up anew at run time from its form.

A template's `{A36}` stands for 36 drawn characters of the alphabet `A`; `{{` is a brace. No secret
stands in the repository, and none of these opens anything.
"""

import base64
import random
import re
import string

ALPHABETS = {
    "A": string.ascii_letters + string.digits,
    "a": string.ascii_letters,
    "B": string.ascii_uppercase + "234567",
    "b": string.ascii_letters + string.digits + "+/",
    "d": string.digits,
    "h": "0123456789abcdef",
    "H": "0123456789ABCDEF",
    "l": string.ascii_lowercase + string.digits,
    "U": string.ascii_uppercase + string.digits,
    "w": string.ascii_letters + string.digits + "_-",
    "p": string.ascii_letters + string.digits + "!%^*-_.",
}

_UUID = "{h8}-{h4}-4{h3}-a{h3}-{h12}"
_PEM = "-----BEGIN {0}-----\n{{b64}}\n{{b64}}\n{{b64}}\n{{b64}}\n-----END {0}-----"


def _pem(label: str) -> str:
    return _PEM.format(label)


KINDS: dict[str, str] = {
    # Clouds
    "AWS access key": "The staging box uses AKIA{B16} for now.",
    "AWS temporary key": "aws_access_key_id = ASIA{B16}",
    "AWS secret key": "aws_secret_access_key = {b40}",
    "AWS session token": "AWS_SESSION_TOKEN=IQoJb3JpZ2luX2Vj{b300}",
    "AWS Bedrock key": "export AWS_BEARER_TOKEN_BEDROCK=ABSKQmVkcm9ja0FQSUtleS{b110}",
    "Google API key": "map.html?key=AIza{w35}",
    "Google OAuth client secret": '"client_secret": "GOCSPX-{w28}"',
    "Google refresh token": '"refresh_token": "1//0{w60}"',
    "Google access token": "Authorization: Bearer ya29.{w120}",
    "Google service account": '"private_key": "-----BEGIN PRIVATE KEY-----\\nMII{b60}\\n{b64}'
    '\\n{b64}\\n-----END PRIVATE KEY-----\\n"',
    "Azure storage key": "DefaultEndpointsProtocol=https;AccountName=notes;AccountKey={b86}==;"
    "EndpointSuffix=core.windows.net",
    "Azure SAS": "https://notes.blob.core.windows.net/c/f.md?sv=2022-11-02&se=2027-01-01&sr=b"
    "&sp=r&sig={A43}%3D",
    "Azure client secret": "AZURE_CLIENT_SECRET={A3}8Q~{w34}",
    "Azure DevOps token": "AZURE_DEVOPS_EXT_PAT={l52}",
    "Azure Service Bus": "Endpoint=sb://notes.servicebus.windows.net/;SharedAccessKeyName=Root;"
    "SharedAccessKey={b43}=",
    "Azure Cosmos": "AccountEndpoint=https://n.documents.azure.com:443/;AccountKey={b86}==;",
    "DigitalOcean token": "doctl auth init -t dop_v1_{h64}",
    "DigitalOcean OAuth": "doo_v1_{h64}",
    "Cloudflare token": "CLOUDFLARE_API_TOKEN={w40}",
    "Cloudflare origin key": "v1.0-{h24}-{h146}",
    "Heroku key": f"HEROKU_API_KEY={_UUID}",
    "Heroku token": "HRKU-AA{w58}",
    "Fly.io token": "FLY_API_TOKEN=fm2_{b100}",
    "Vercel token": "VERCEL_TOKEN={A24}",
    "Netlify token": "nfp_{A36}",
    "Linode token": "LINODE_TOKEN={h64}",
    "Fastly token": "FASTLY_API_TOKEN={w32}",
    "Alibaba key": "LTAI{A20}",
    "Databricks token": "dapi{h32}",
    "Supabase token": "sbp_{h40}",
    "PlanetScale token": "pscale_tkn_{w43}",
    "PlanetScale password": "pscale_pw_{w43}",
    "Vault service token": "VAULT_TOKEN=hvs.{w92}",
    "Vault batch token": "hvb.{w140}",
    "Terraform Cloud token": "{A14}.atlasv1.{w64}",
    "Pulumi token": "pul-{h40}",
    "Doppler token": "dp.pt.{A43}",
    "Tailscale key": "tskey-auth-{A12}-{A32}",
    # Forges and registries
    "GitHub token": "git clone https://ghp_{A36}@example.org/notes.git",
    "GitHub OAuth token": "gho_{A36}",
    "GitHub user token": "ghu_{A36}",
    "GitHub server token": "ghs_{A36}",
    "GitHub refresh token": "ghr_{A36}",
    "GitHub fine-grained token": "github_pat_{A22}_{A59}",
    "GitLab token": "PRIVATE-TOKEN: glpat-{w20}",
    "GitLab deploy token": "gldt-{w20}",
    "GitLab runner token": "glrt-{w20}",
    "GitLab trigger token": "glptt-{h40}",
    "GitLab job token": "glcbt-{A2}_{w20}",
    "Bitbucket app password": "ATBB{A32}",
    "Atlassian token": "ATATT3xFfGF0{w171}={H8}",
    "npm token": "npm_{A36}",
    ".npmrc": f"//registry.example.org/:_authToken={_UUID}",
    "PyPI token": "password = pypi-AgEIcHlwaS5vcmc{w80}",
    "RubyGems key": ":rubygems_api_key: rubygems_{h48}",
    "NuGet key": "oy2{l43}",
    "crates.io token": "cio{A32}",
    "Docker Hub token": "docker login -u me -p dckr_pat_{w27}",
    "Docker config": '{{"auths": {{"registry.example.org": {{"auth": "{basic}"}}}}}}',
    "JFrog key": "AKCp{A69}",
    "Sourcegraph token": "sgp_{h16}_{h40}",
    "Postman key": "PMAK-{h24}-{h34}",
    # Chat and mail
    "Slack bot token": "xoxb-{d12}-{d13}-{A24}",
    "Slack user token": "xoxp-{d12}-{d12}-{d12}-{h32}",
    "Slack app token": "xapp-1-A{U10}-{d13}-{h64}",
    "Slack webhook": "https://hooks.slack.com/services/T{U8}/B{U10}/{A24}",
    "Discord bot token": "DISCORD_TOKEN=M{A25}.{w6}.{w38}",
    "Discord webhook": "https://discord.com/api/webhooks/{d18}/{w68}",
    "Teams webhook": f"https://acme.webhook.office.com/webhookb2/{_UUID}@{_UUID}/IncomingWebhook/"
    f"{{h32}}/{_UUID}",
    "Telegram bot token": "TELEGRAM_BOT_TOKEN={d10}:AA{w33}",
    "Twilio API key": "TWILIO_API_KEY=SK{h32}",
    "Twilio auth token": "TWILIO_AUTH_TOKEN={h32}",
    "SendGrid key": "SG.{w22}.{w43}",
    "Mailgun key": "MAILGUN_API_KEY=key-{h32}",
    "Mailchimp key": "MAILCHIMP_API_KEY={h32}-us12",
    "Brevo key": "xkeysib-{h64}-{A16}",
    "Postmark token": f"POSTMARK_SERVER_TOKEN={_UUID}",
    # Money and shops
    "Stripe live key": "sk_live_{A24}",
    "Stripe test key": "sk_test_{A24}",
    "Stripe restricted key": "rk_live_{A24}",
    "Stripe webhook secret": "whsec_{A32}",
    "Square token": "sq0atp-{w22}",
    "Square secret": "sq0csp-{w43}",
    "Braintree token": "access_token$production${l16}${h32}",
    "Shopify token": "shpat_{h32}",
    "Shopify secret": "shpss_{h32}",
    "Shopify custom app": "shpca_{h32}",
    "Flutterwave key": "FLWSECK-{h32}-X",
    "EasyPost key": "EZAK{A54}",
    # Models
    "OpenAI key": "OPENAI_API_KEY=sk-{A20}T3BlbkFJ{A20}",
    "OpenAI project key": "sk-proj-{w74}T3BlbkFJ{w74}",
    "Anthropic key": "sk-ant-api03-{w93}AA",
    "Hugging Face token": "hf_{a34}",
    "Replicate token": "r8_{A37}",
    "Groq key": "gsk_{A52}",
    "Perplexity key": "pplx-{A48}",
    "xAI key": "xai-{A80}",
    "OpenRouter key": "sk-or-v1-{h64}",
    "DeepSeek key": "client = OpenAI(api_key='sk-{h32}')",
    "Mistral key": "MISTRAL_API_KEY={A32}",
    "Cohere key": "CO_API_KEY={A40}",
    "LangSmith key": "lsv2_pt_{h32}_{h10}",
    # Watching and planning
    "New Relic key": "NRAK-{U27}",
    "Datadog key": "DD_API_KEY={h32}",
    "Sentry user token": "sntryu_{h64}",
    "Grafana service token": "glsa_{A32}_{h8}",
    "Grafana cloud token": "glc_eyJ{b60}=",
    "Dynatrace token": "dt0c01.{B24}.{B64}",
    "PagerDuty key": "PAGERDUTY_API_KEY={w20}",
    "Airtable token": "pat{A14}.{h64}",
    "Notion token": "ntn_{d11}{A35}",
    "Notion older token": "NOTION_TOKEN=secret_{A43}",
    "Linear key": "lin_api_{A40}",
    "Figma token": "figd_{w40}",
    "Asana token": "ASANA_TOKEN=1/{d16}:{h32}",
    "Algolia admin key": "ALGOLIA_ADMIN_API_KEY={h32}",
    "Dropbox token": "sl.{w136}",
    "Okta token": "Authorization: SSWS 00{w40}",
    "Auth0 secret": "AUTH0_CLIENT_SECRET={w64}",
    "1Password token": "ops_eyJ{b260}",
    "Adafruit key": "aio_{A28}",
    "Prefect key": "pnu_{l36}",
    "Typeform token": "tfp_{A44}_{A14}",
    "Twitter bearer": "TWITTER_BEARER_TOKEN=AAAAAAAAAAAAAAAAAAAAA{A80}",
    "Facebook token": "FACEBOOK_ACCESS_TOKEN=EAAC{A120}",
    "LinkedIn secret": "LINKEDIN_CLIENT_SECRET={A16}",
    # General forms
    "JWT": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ{w60}.{w43}",
    "bearer header": "curl -H 'Authorization: Bearer {w40}' https://api.example.org/v1/me",
    "basic header": "Authorization: Basic {basic}",
    "curl -u": "curl -u admin:{p14} https://api.example.org/v1/me",
    "RSA key": _pem("RSA PRIVATE KEY"),
    "PKCS 8 key": _pem("PRIVATE KEY"),
    "encrypted key": _pem("ENCRYPTED PRIVATE KEY"),
    "EC key": _pem("EC PRIVATE KEY"),
    "DSA key": _pem("DSA PRIVATE KEY"),
    "OpenSSH key": _pem("OPENSSH PRIVATE KEY"),
    "PGP key": _pem("PGP PRIVATE KEY BLOCK"),
    "PuTTY key": "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\n{b48}",
    "age key": "AGE-SECRET-KEY-1{U58}",
    "password in an address": "https://deploy:{p14}@git.example.org/notes.git",
    "Postgres address": "DATABASE_URL=postgres://app:{p16}@db.example.org:5432/app",
    "MongoDB address": "mongodb+srv://app:{p16}@cluster0.example.org/app",
    "Redis address": "redis://:{p16}@cache.example.org:6379/0",
    "AMQP address": "amqps://app:{p16}@queue.example.org/vhost",
    "JDBC address": "jdbc:mysql://db.example.org/app?user=app&password={p14}",
    "ADO.NET": "Server=db.example.org;Database=app;User Id=app;Password={p14};",
    ".git-credentials": "https://me:{A32}@git.example.org",
    ".netrc": "machine api.example.org\n  login me\n  password {p14}",
    ".pgpass": "db.example.org:5432:app:app:{p14}",
    "*.tfstate": '"attributes": {{"engine": "postgres", "password": "{p16}"}}',
    ".kube/config": "users:\n- name: admin\n  user:\n    client-key-data: LS0tLS1CRUdJTi{b400}",
    ".kube/config token": "  user:\n    token: {A60}",
    "assigned password": 'password = "{p14}"',
    "YAML password": "smtp:\n  user: app\n  password: {p14}",
    "shell password": "export DB_PASSWORD={p14}",
    "PHP password": "define('DB_PASSWORD', '{p14}');",
    "Django key": "SECRET_KEY = '{p50}'",
    "Rails key": "secret_key_base: {h128}",
    "password in prose": "The password of the staging server is {p12}.",
    "password in a German sentence": "Passwort: {p12}",
    "passphrase": "passphrase: {p16}",
    "shadow line": "root:$6${A16}${b86}:19800:0:99999:7:::",
    ".htpasswd line": "admin:$apr1${A8}${b22}",
    "bcrypt hash": "admin:$2y$10${b53}",
    "private wallet key": "ETH_PRIVATE_KEY=0x{h64}",
    "generic API key": 'api_key: "{A32}"',
    "client secret": "client_secret={A40}",
    "access token": '"access_token": "{w44}"',
    "WireGuard key": "[Interface]\nPrivateKey = {b43}=",
    "Spring password": "spring.datasource.password={p14}",
    "Firebase messaging key": "AAAA{A7}:APA91b{w134}",
}

_PART = re.compile(r"\{(?:([A-Za-z])([0-9]+)|basic)\}|\{\{|\}\}")


def made(kind: str, draw: random.Random) -> str:
    """A text with one secret of a kind."""
    return _PART.sub(lambda part: _drawn(part, draw), KINDS[kind])


def _drawn(part: re.Match[str], draw: random.Random) -> str:
    if part[0] in ("{{", "}}"):
        return part[0][0]
    if part[1] is None:
        words = f"deploy:{_letters('A', 18, draw)}"
        return base64.b64encode(words.encode()).decode()
    return _letters(part[1], int(part[2]), draw)


def _letters(alphabet: str, count: int, draw: random.Random) -> str:
    return "".join(draw.choices(ALPHABETS[alphabet], k=count))
