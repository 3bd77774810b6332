/** What the machine does at its first boot. Pure; there is no secret in it, only the name of one. */

export interface FirstBoot {
  /** Where the jar is. */
  readonly bucket: string;
  readonly key: string;
  /** What the client reads at every start. */
  readonly secretArn: string;
}

export function userData({ bucket, key, secretArn }: FirstBoot): string {
  return `#!/bin/bash
set -euo pipefail
dnf install -y java-17-amazon-corretto-headless
useradd --system --shell /sbin/nologin spring-client
mkdir -p /opt/spring-client
aws s3 cp "s3://${bucket}/${key}" /opt/spring-client/spring-client.jar

# Read anew at every start: passwords change (README, "New passwords"), and none is on disk or in a command line.
cat >/opt/spring-client/start <<'END'
#!/bin/bash
set -euo pipefail
account=$(aws secretsmanager get-secret-value --region ${regionOf(secretArn)} --secret-id ${secretArn} --query SecretString --output text)
exec java -jar /opt/spring-client/spring-client.jar run example <<<"$account"
END
chmod 755 /opt/spring-client/start

cat >/etc/systemd/system/spring-client.service <<'END'
[Unit]
Description=Spring client of the ActiveMQ cluster
Wants=network-online.target
After=network-online.target

[Service]
User=spring-client
ExecStart=/opt/spring-client/start
Restart=always
RestartSec=5
PrivateTmp=yes
NoNewPrivileges=yes

[Install]
WantedBy=multi-user.target
END
systemctl enable --now spring-client
`;
}

/** The fourth part of every ARN. */
function regionOf(arn: string): string {
  return arn.split(":")[3] ?? "";
}
