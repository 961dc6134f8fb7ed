<?php
// Customers, products and materials over SAP CPQ with PHP's SoapClient: php cpq.php WSDL USER PASSWORD PREFIX 1.1|1.2, answers JSON.

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

function products(string $function, string $action, string $document): array
{
    global $client, $user, $password;
    $asked = ['userName' => "$user#ACME", 'password' => $password, 'action' => $action, 'xDoc' => ['any' => $document]];
    $result = simplexml_load_string($client->$function(array_filter($asked))->{"{$function}Result"}->any);

    return [(string) $result->Status, (string) $result->Message, (string) $result->Error->Description];
}

function product(string $content): string
{
    return "<Products xmlns=\"\"><Product>$content</Product></Products>";
}

$administration = fn (string $action, string $document) => products('SimpleProductAdministration', $action, $document);
$number = "<PartNumber>$prefix</PartNumber>";
$new = "<ProductName><USEnglish>Pump &amp; Co</USEnglish></ProductName><Categories><USEnglish>All</USEnglish></Categories>";
$known = "<ExternalId>$prefix</ExternalId>";
$seen = $client->doUSeeMe(['username' => $user, 'password' => $password])->doUSeeMeResult;
$day = [
    'seen' => simplexml_load_string($seen)->getName(),
    'added' => administration('ADD', customers("$known<LastName>Byron</LastName><Company>Engines &amp; Co</Company>")),
    'updated' => administration('UPDATE', customers("$known<City>Ockham</City>", '<ExternalId>nobody</ExternalId>')),
    'deleted' => administration('DELETE', customers($known)),
    'product' => $administration('ADDORUPDATE', product("$number$new<ProductType>Hardware</ProductType>")),
    'refused' => $administration('ADDORUPDATE', product("<PartNumber>$prefix-2</PartNumber>$new")),
    'material' => products('ImportMaterialsFromERP', '', product("<ProductSystemId>{$prefix}_cpq</ProductSystemId><Active>0</Active>")),
    'languages' => substr($administration('GETLANGUAGES', '')[1], 0, 9),
    'gone' => $administration('DELETE', product($number)),
];
try {
    $client->CustomerAdministration(['username' => $user, 'xml' => ['any' => '<broken>']]);
} catch (SoapFault $fault) {
    $day['fault'] = $fault->getMessage();
}
echo json_encode($day);
