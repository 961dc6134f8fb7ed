<?php
// A day of work with PHP's SoapClient: php day.php WSDL USER PASSWORD PREFIX 1.1|1.2, answers JSON.

[, $wsdl, $user, $password, $prefix, $version] = $argv;

const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-';

function security(string $user, string $password): SoapHeader
{
    $token = '<wsse:Security xmlns:wsse="' . WSS . 'wssecurity-secext-1.0.xsd"><wsse:UsernameToken>'
        . '<wsse:Username>' . htmlspecialchars($user, ENT_XML1) . '</wsse:Username>'
        . '<wsse:Password Type="' . WSS . 'username-token-profile-1.0#PasswordText">'
        . htmlspecialchars($password, ENT_XML1) . '</wsse:Password></wsse:UsernameToken></wsse:Security>';

    return new SoapHeader(WSS . 'wssecurity-secext-1.0.xsd', 'Security', new SoapVar($token, XSD_ANYXML), true);
}

function client(string $wsdl, string $version, SoapHeader $header): SoapClient
{
    $client = new SoapClient($wsdl, [
        'soap_version' => $version === '1.2' ? SOAP_1_2 : SOAP_1_1,
        'cache_wsdl' => WSDL_CACHE_NONE,
        'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
        'exceptions' => true,
    ]);
    $client->__setSoapHeaders($header);

    return $client;
}

function counted(object $answer): array
{
    $status = $answer->status;

    return [$status->success, $status->records_inserted, $status->records_updated, $status->records_deleted];
}

function criteria(string $field, string $value, string $comparator): array
{
    return ['Parts' => ['criteria' => [['field' => $field, 'value' => $value, 'comparator' => $comparator]]]];
}

function fault(callable $call): array
{
    try {
        $call();
    } catch (SoapFault $fault) {
        $detail = $fault->detail->fault ?? null;

        return [$detail?->exceptionCode, $detail?->exceptionMessage];
    }

    return [];
}

$client = client($wsdl, $version, security($user, $password));
$one = "$prefix-1";
$two = "$prefix-2";
$record = [
    'part_number' => $one,
    'direct_buy' => 2,
    'description' => ['en' => 'Pump <small> & "cheap"', 'pt_BR' => 'Bomba'],
    'price' => ['USD' => '250', 'EUR' => '230.5'],
    'company_associations' => ['Acme', 'Initech'],
    'active' => true,
];

$day['added'] = counted($client->addParts(['Parts' => ['each_record' => [$record]]]));

$answer = $client->getParts(criteria('part_number', $one, '='));
$found = $answer->Parts->each_record[0];
$day['found'] = [
    $answer->status->records_returned, $found->part_number, (string) $found->direct_buy, $found->description->en,
    $found->description->pt_BR, (string) $found->price->USD, (string) $found->price->EUR, $found->company_associations,
];

$day['updated'] = counted($client->updateParts(['Parts' => ['each_record' => [
    ['part_number' => $one, 'lead_time' => 7],
]]]));
$day['modified'] = counted($client->modifyParts(['Parts' => ['each_record' => [
    ['part_number' => $one, 'notes' => ''],
    ['part_number' => $two],
]]]));
$partly = $client->modifyParts(['Parts' => ['each_record' => [
    ['part_number' => $one, 'lead_time' => -5],
    ['part_number' => $two, 'units' => 3],
]]]);
$day['partly'] = [$partly->status->success, $partly->status->records_failed, $partly->status->detail];
$day['taken'] = fault(fn () => $client->addParts(['Parts' => ['each_record' => [['part_number' => $one]]]]));
$day['unknown'] = fault(fn () => $client->getParts(criteria('colour', 'red', '=')));
$day['deleted'] = counted($client->deleteParts(criteria('part_number', "$one, $two", 'IN')));
$day['gone'] = $client->getParts(criteria('part_number', "$prefix-%", 'LIKE'))->status->records_returned;
// Last, because the server lets an address that has guessed wrong wait for a second.
$stranger = client($wsdl, $version, security($user, "not $password"));
$day['stranger'] = fault(fn () => $stranger->getParts(criteria('part_number', $one, '=')));

echo json_encode($day);
