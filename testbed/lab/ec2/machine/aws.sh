#!/bin/bash
# Stand-in of the lab that plays EC2, not the AWS CLI: it reads objects from the lab's S3, and nothing else.
set -uo pipefail
no() { echo "aws (stand-in of the lab): only 's3 cp --only-show-errors --region <region> s3://<bucket>/<key> <file or ->' is known, not: $*" >&2; exit 252; }
(($# == 7)) && [[ "$1 $2 $3 $4" == "s3 cp --only-show-errors --region" && $6 == s3://*/* ]] || no "$@"
curl --fail --silent --show-error --connect-timeout 5 --output "$7" "http://s3.$5.amazonaws.com:@port@/${6#s3://}" || exit 1
