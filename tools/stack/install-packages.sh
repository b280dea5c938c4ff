#!/bin/sh
# Installs Debian packages without letting them start or create a service of the machine's own. Runs as root:
#   sh install-packages.sh postgresql redis-server
# What it changes for that is kept in $aside and put back at the end, also after a failure; a run that was killed is put
# right by the next one.
set -u
cluster=/etc/postgresql-common/createcluster.conf
cluster_default=/usr/share/postgresql-common/createcluster.conf
policy=/usr/sbin/policy-rc.d
aside=/var/lib/quoin-install

put_back() {
  trap - EXIT HUP INT TERM
  [ -d "$aside" ] || return 0
  if [ -e "$aside/policy" ] || [ -L "$aside/policy" ]; then mv -f "$aside/policy" "$policy"
  elif [ -e "$aside/no-policy" ]; then rm -f "$policy"; fi
  if [ -e "$aside/cluster" ]; then mv -f "$aside/cluster" "$cluster"
  elif [ -e "$aside/no-cluster" ]; then
    rm -f "$cluster" "$cluster.ucf-dist"
    # The package keeps a file it finds: where there was none, its own default belongs here once it is installed.
    if [ -e "$cluster_default" ]; then cp "$cluster_default" "$cluster"; else rmdir /etc/postgresql-common 2>/dev/null; fi
  fi
  rm -rf "$aside"
}

deny() {
  mkdir -m 700 "$aside" || exit 1
  if [ -e "$cluster" ]; then cp -p "$cluster" "$aside/cluster"; else : > "$aside/no-cluster"; fi
  if [ -e "$policy" ] || [ -L "$policy" ]; then cp -pP "$policy" "$aside/policy"; else : > "$aside/no-policy"; fi
  mkdir -p /etc/postgresql-common
  rm -f "$policy"
  echo 'create_main_cluster = false' > "$cluster" && printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod 755 "$policy"
}

exec 9> /run/quoin-install.lock
flock 9
put_back
trap put_back EXIT
trap 'exit 130' HUP INT TERM
new_services=
for service in redis-server pgbouncer; do
  [ -e "/lib/systemd/system/$service.service" ] || new_services="$new_services $service"
done
deny || exit 1

export DEBIAN_FRONTEND=noninteractive
options='-y -q --no-install-recommends -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=120'
# shellcheck disable=SC2086 # the options are words
apt-get install $options "$@" 9>&- || { apt-get update -q 9>&- && apt-get install $options "$@" 9>&-; }
outcome=$?
# Denying the start is not enough: a package enables its service for the next boot.
for service in $new_services; do
  if [ -e "/lib/systemd/system/$service.service" ]; then update-rc.d "$service" disable 9>&- || true; fi
done
exit $outcome
