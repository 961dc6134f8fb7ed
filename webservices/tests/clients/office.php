<?php
// A plan of calls with PHP's SoapClient: php office.php URL USER PASSWORD 1.0|2.0 PLAN, answers JSON: one answer per call.

[, $url, $user, $password, $version, $plan] = $argv;

const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-';
const OLD = 'urn:soap.bigmachines.com';

function client(string $service): SoapClient
{
    global $url, $version;
    $wsdl = $version === '1.0' ? "$url/v1_0/receiver?wsdl=$service" : "$url/v2_0/receiver/$service?wsdl";

    return new SoapClient($wsdl, ['cache_wsdl' => WSDL_CACHE_NONE, 'features' => SOAP_SINGLE_ELEMENT_ARRAYS]);
}

function token(string $user, string $password): SoapHeader
{
    $token = '<wsse:Security xmlns:wsse="' . WSS . 'wssecurity-secext-1.0.xsd"><wsse:UsernameToken>'
        . '<wsse:Username>' . htmlspecialchars($user, ENT_XML1) . '</wsse:Username>'
        . '<wsse:Password Type="' . WSS . 'username-token-profile-1.0#PasswordText">'
        . htmlspecialchars($password, ENT_XML1) . '</wsse:Password></wsse:UsernameToken></wsse:Security>';

    return new SoapHeader(WSS . 'wssecurity-secext-1.0.xsd', 'Security', new SoapVar($token, XSD_ANYXML), true);
}

function session(string $id): array
{
    $info = new SoapVar(['sessionId' => new SoapVar($id, XSD_STRING, null, null, 'sessionId', OLD)], SOAP_ENC_OBJECT);

    return [new SoapHeader(OLD, 'userInfo', $info), new SoapHeader(OLD, 'category', 'Parts')];
}

$clients = [];
if ($version === '1.0') {
    $clients['security'] = client('security');
    $opened = $clients['security']->login(['userInfo' => ['username' => $user, 'password' => $password]]);
    $headers = session($opened->userInfo->sessionId);
    $clients['security']->__setSoapHeaders($headers);
} else {
    $headers = token($user, $password);
}

$answers = [];
foreach (json_decode(file_get_contents($plan), true) as $call) {
    if (!isset($clients[$call['service']])) {
        $clients[$call['service']] = client($call['service']);
        $clients[$call['service']]->__setSoapHeaders($headers);
    }
    try {
        $answers[] = $clients[$call['service']]->{$call['operation']}($call['content']);
    } catch (SoapFault $fault) {
        $detail = $fault->detail->fault ?? null;
        $answers[] = ['fault' => $detail?->exceptionCode ?? $fault->getMessage()];
    }
}
echo json_encode($answers);
