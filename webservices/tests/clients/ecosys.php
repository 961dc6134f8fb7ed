<?php
// A write and a read of EcoSys with PHP's SoapClient: php ecosys.php WSDL USER PASSWORD PREFIX 1.1|1.2, answers JSON.

[, $wsdl, $user, $password, $prefix, $version] = $argv;

$client = new SoapClient($wsdl, [
    'soap_version' => $version === '1.2' ? SOAP_1_2 : SOAP_1_1,
    'cache_wsdl' => WSDL_CACHE_NONE,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    'exceptions' => true,
]);
$one = "$prefix-1";
$two = "$prefix-2";

function options(string $user, string $password, array $more = []): array
{
    return ['PartOptions' => ['Username' => $user, 'Password' => $password] + $more];
}

function results(object $answer): array
{
    return array_map(
        fn (object $result) => [$result->successFlag, $result->externalId, array_map(
            fn (object $message) => [$message->level, $message->reasonCode ?? '', $message->Message],
            $result->ResultMessage ?? [],
        )],
        $answer->ObjectResult,
    );
}

$who = options($user, $password);
$day['created'] = results($client->CreatePart($who + ['Part' => [
    ['PartID' => $one, 'Description' => 'Pump <small> & "cheap"', 'Price' => '250', 'CompanyAssociations' => ['Acme', 'Initech']],
    ['PartID' => $two],
]]));
$day['updated'] = results($client->UpdatePart($who + ['Part' => [
    ['PartID' => $one, 'Units' => 7, 'Notes' => ''],
    ['PartID' => "$prefix-3", 'Units' => 7],
]]));

$answer = $client->ReadPart(options($user, $password, ['IncludeMetaData' => true]) + ['PartParameters' => ['PartID' => $one]]);
$found = $answer->Part[0];
$day['read'] = [
    $answer->Meta->ObjectCount, count($answer->Part), $found->PartID, $found->Description, (string) $found->Price,
    (string) $found->Units, $found->CompanyAssociations, isset($answer->Performance->ElapsedSeconds),
];
// A session that is kept carries the next calls, which name nobody; the last of them lets it end.
$kept = ['PartOptions' => ['LogoutSession' => false]];
$client->ReadPart(options($user, $password, ['LogoutSession' => false]) + ['PartParameters' => ['PartID' => $one]]);
$client->UpdatePart($kept + ['Part' => [['PartID' => $one, 'Active' => false]]]);
$day['inactive'] = $client->ReadPart(['PartParameters' => ['PartID' => $one]])->Part[0]->Active;
$day['deleted'] = results($client->DeletePart($who + ['PartKey' => [['PartID' => $one], ['PartID' => $two]]]));
try {
    $client->CreatePart(options($user, "not $password") + ['Part' => [['PartID' => $one]]]);
} catch (SoapFault $fault) {
    $day['stranger'] = $fault->getMessage();
}

echo json_encode($day);
