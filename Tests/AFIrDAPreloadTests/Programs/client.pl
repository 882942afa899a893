# Enumerates, finds a device by its name, connects to a service, and exchanges a line. Numbers as in linux/irda.h.
use strict;
use warnings;
use Socket qw(SOCK_STREAM);

my ($wanted, $service, $line) = @ARGV;
socket(my $socket, 23, SOCK_STREAM, 0) or die "socket: $!\n";
my $list = getsockopt($socket, 266, 1) or die "enumerate: $!\n";
my ($count, $rest) = unpack("L a*", $list);
my $address;
for my $index (0 .. $count - 1) {
    my ($station, $device, $name) = unpack("L L Z22", substr($rest, 36 * $index, 36));
    print "found $name\n";
    $address = $device if $name eq $wanted;
}
defined $address or die "no $wanted\n";
connect($socket, pack("S C x L a25 x3", 23, 0xFF, $address, $service)) or die "connect: $!\n";
my ($family, $selector, $peer) = unpack("S C x L", getpeername($socket));
print "peer ", ($family == 23 && $peer == $address ? "is $wanted" : "is somebody else"), "\n";
$socket->autoflush(1);
print $socket "$line\n";
print "answer ", scalar(<$socket>);
