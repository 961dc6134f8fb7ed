<?php
// Customers over SAP CPQ with PHP's SoapClient: php cpq.php WSDL USER PASSWORD PREFIX 1.1|1.2, answers JSON.

[, $wsdl, $user, $password, $prefix, $version] = $argv;

$client = new SoapClient($wsdl, [
    'soap_version' => $version === '1.2' ? SOAP_1_2 : SOAP_1_1,
    'cache_wsdl' => WSDL_CACHE_NONE,
    'exceptions' => true,
]);

function customers(string ...$customers): string
{
    return '<Root xmlns=""><Customers><Customer>' . implode('</Customer><Customer>', $customers) . '</Customer></Customers></Root>';
}

function administration(string $action, string $root): array
{
    global $client, $user, $password;
    $asked = ['username' => "$user#ACME", 'password' => $password, 'action' => $action, 'xml' => ['any' => $root]];
    $answer = $client->CustomerAdministration($asked)->CustomerAdministrationResult->any;
    $result = simplexml_load_string($answer);
    $codes = [];
    foreach ($result->Errors->Error ?? [] as $error) {
        $codes[] = (string) $error->ErrorCode;
    }

    return [(string) $result->Status, (string) $result->Message, $codes];
}

$known = "<ExternalId>$prefix</ExternalId>";
$seen = $client->doUSeeMe(['username' => $user, 'password' => $password])->doUSeeMeResult;
$day = [
    'seen' => simplexml_load_string($seen)->getName(),
    'added' => administration('ADD', customers("$known<LastName>Byron</LastName><Company>Engines &amp; Co</Company>")),
    'updated' => administration('UPDATE', customers("$known<City>Ockham</City>", '<ExternalId>nobody</ExternalId>')),
    'deleted' => administration('DELETE', customers($known)),
];
try {
    $client->CustomerAdministration(['username' => $user, 'xml' => ['any' => '<broken>']]);
} catch (SoapFault $fault) {
    $day['fault'] = $fault->getMessage();
}
echo json_encode($day);
