# The data volume: attached after the machine started, and empty the first time only. mkfs refuses where a file system is.
@fetchVolumeId@ /run/activemq-cluster-volume
volume=$(tr -d '\n-' </run/activemq-cluster-volume)
device=/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_$volume
retry test -b "$device"
blkid "$device" >/dev/null || mkfs.xfs -q "$device"
mkdir -p @folder@
echo "UUID=$(blkid -s UUID -o value "$device") @folder@ xfs defaults,noatime,nofail,x-systemd.device-timeout=90 0 2" >>/etc/fstab
systemctl daemon-reload
mount @folder@

retry dnf install --assumeyes --quiet java-17-amazon-corretto-headless
