<?php
// A script as a stranger wrote it years ago, for a PHP without curl: an associative array in, another out.
// php expandable.php http://hub.example ada secret KEY

list(, $base, $user, $password, $key) = $argv;

function call($name, $fields)
{
    global $base;
    $context = stream_context_create(array('http' => array(
        'method' => 'POST',
        'header' => 'Content-Type: application/json',
        'content' => json_encode($fields),
        'ignore_errors' => true,
    )));
    $body = file_get_contents("$base/api/$name", false, $context);
    return array(substr($http_response_header[0], strlen('HTTP/1.1 ')), json_decode($body, true));
}

list(, $answer) = call('auth-token-get', array('DATA_SOURCE' => 'DEMO', 'USER_NAME' => $user, 'PASSWORD' => $password));
$token = $answer['AUTH_TOKEN'];
$part = array('PART_ID' => $key, 'PART_DESC' => 'Pump', 'PLAN_LEAD_TIME' => '14', 'AUTH_TOKEN' => $token);

list($created, $record) = call('part-create', $part);
list($again, $error) = call('part-create', $part);
list(, $found) = call('part-query', array('PART_ID' => "$key%", 'PLAN_LEAD_TIME' => 'BETWEEN 1 AND 20', 'AUTH_TOKEN' => $token));
list(, $updated) = call('part-update', array('PART_ID' => $key, 'PLAN_LEAD_TIME' => '', 'AUTH_TOKEN' => $token));
list($deleted, $nothing) = call('part-delete', array('PART_ID' => $key, 'AUTH_TOKEN' => $token));
list($stranger) = call('part-query', array('PART_ID' => '%', 'AUTH_TOKEN' => 'abc'));

echo json_encode(array(
    'created' => array($created, $record['PART_ID'], $record['CREATED_BY']),
    'again' => array($again, $error['MESSAGE'], $error['MESSAGE_CODE']),
    'found' => array_column($found, 'PART_DESC'),
    'updated' => $updated['PLAN_LEAD_TIME'],
    'deleted' => array($deleted, $nothing),
    'stranger' => $stranger,
));
