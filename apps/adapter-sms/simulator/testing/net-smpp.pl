# Net::SMPP as one end of a link, driven by lines of JSON: a command on each line of the input, a PDU on each line of the output.
#   net-smpp.pl esme  <port> <system_id> <password> <transceiver|transmitter|receiver>
#   net-smpp.pl smsc  <port> <system_id> <password>
use strict;
use warnings;
use IO::Select;
use JSON::PP;
use Net::SMPP;

my ($role, $port, $name, $password, $kind) = @ARGV;
my $json = JSON::PP->new->canonical->latin1;
$| = 1;

# Texts may hold any byte: in hexadecimal.
my @BYTES = qw(short_message message_payload);
my @WORDS = qw(system_id password source_addr destination_addr message_id receipted_message_id esm_class
  registered_delivery data_coding sm_length message_state sar_msg_ref_num sar_total_segments sar_segment_seqnum);
my @BINARY = grep { /^(message_state|sar_)/ } @WORDS;

sub show {
    my ($pdu) = @_;
    my %shown = (command => $pdu->explain_cmd, status => $pdu->status, sequence => $pdu->seq);
    for my $field (@WORDS) {
        next unless defined $pdu->{$field};
        my $value = $pdu->{$field};
        $value = unpack 'H*', $value if grep { $_ eq $field } @BINARY;
        $value =~ s/\0$//;
        $shown{$field} = $value;
    }
    for my $field (@BYTES) {
        $shown{$field} = unpack 'H*', $pdu->{$field} if defined $pdu->{$field};
    }
    print $json->encode(\%shown), "\n";
}

sub connected {
    if ($role eq 'esme') {
        my $bind = "new_$kind";
        my ($link, $answer) = Net::SMPP->$bind(
            '127.0.0.1',
            port         => $port,
            smpp_version => 0x34,
            interface_version => 0x34,
            system_id    => $name,
            password     => $password,
        );
        die "no connection to port $port\n" unless $link;
        show($answer) if $answer;
        return $link;
    }
    my $listener = Net::SMPP->new_listen('127.0.0.1', port => $port, smpp_version => 0x34)
      or die "cannot listen on port $port: $!\n";
    print $json->encode({ command => 'listening' }), "\n";
    return $listener->accept;
}

my $link = connected();
my $ids  = 0;

# What the library leaves to its user.
sub answer {
    my ($pdu) = @_;
    my $command = $pdu->explain_cmd;
    my $seq     = $pdu->seq;
    if ($command eq 'deliver_sm') { $link->deliver_sm_resp(message_id => '', seq => $seq) }
    elsif ($command eq 'enquire_link') { $link->enquire_link_resp(seq => $seq) }
    elsif ($command eq 'submit_sm') { $link->submit_sm_resp(message_id => 'perl-' . ++$ids, seq => $seq) }
    elsif ($command eq 'unbind') { $link->unbind_resp(seq => $seq) }
    elsif ($command =~ /^bind_(?:receiver|transmitter|transceiver)$/) {
        my $right  = $pdu->{system_id} eq $name && $pdu->{password} eq $password;
        my $method = "${command}_resp";
        $link->$method(system_id => 'perl', seq => $seq, status => $right ? 0 : 0x0e);
    }
}

sub obey {
    my %command = %{ $json->decode($_[0]) };
    my $method  = delete $command{do};
    for my $field (@BYTES) {
        $command{$field} = pack 'H*', $command{$field} if exists $command{$field};
    }
    for my $field (@BINARY) {
        $command{$field} = pack 'H*', $command{$field} if exists $command{$field};
    }
    $link->$method(%command, async => 1);
}

my $both = IO::Select->new(\*STDIN, $link);
my $lines = '';
while (1) {
    for my $ready ($both->can_read) {
        if ($ready == $link) {
            my $pdu = $link->read_pdu or exit 0;
            show($pdu);
            answer($pdu);
        } else {
            sysread(STDIN, $lines, 65536, length $lines) or exit 0;
            while ($lines =~ s/^(.*)\n//) { obey($1) }
        }
    }
}
