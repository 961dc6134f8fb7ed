<?php
// What CRM-service's own plugin for WordPress does when a visitor sends a form, with PHP's SoapClient:
// php crm_plugin.php URL API_KEY LOCALE < forms.json
//
// Five calls, in its order: createSession; getCrmFields of the module; getPicklistValues of each field that has a list;
// bulkEntitySave of one flat object; destroySession. Types are strict, and classes are mapped, as it does it: an answer
// of another type ends this program. Reads forms, `[["Leads", {"Last name": "Byron"}], …]`, whose values go by the labels
// that people see; answers JSON, for each what was offered and what came of it.

declare(strict_types=1);
namespace Forms;

class Session { public $sessionID; }
class CrmField
{
    public $active; public $custom; public $datatype; public $label; public $lenght; public $name; public $picklist_id;
    public $readonly; public $required; public $translations; public $uitype;
}
class PicklistValue { public $id; public $label; public $value; }

const TYPES = [
    1 => 'text', 2 => 'text', 19 => 'text', 20 => 'text', 21 => 'text', 22 => 'text', 5 => 'date', 7 => 'number',
    9 => 'percent', 11 => 'phone', 13 => 'email', 15 => 'select', 16 => 'select', 17 => 'website', 24 => 'address',
    33 => 'multi-select', 56 => 'checkbox', 63 => 'time', 792 => 'moment', 53 => 'number', 101 => 'number',
];

class Manager
{
    private \SoapClient $client;

    public function __construct(string $url, string $name)
    {
        $this->client = new \SoapClient("$url/CrmIntegrationWebservice/service.php?class={$name}Manager&wsdl", [
            'classmap' => [
                'CrmIntegrationWebserviceSession' => Session::class,
                'CrmField' => CrmField::class,
                'PicklistValue' => PicklistValue::class,
            ],
            'cache_wsdl' => WSDL_CACHE_NONE,
            'exceptions' => true,
        ]);
    }

    public function call(string $method, mixed ...$arguments): mixed
    {
        $options = ['uri' => 'https://crmservice.fi/CrmIntegrationWebservice', 'soapaction' => ''];
        return $this->client->__soapCall($method, $arguments, $options);
    }
}

function field(CrmField $field): CrmField { return $field; }

function choices(Manager $picklists, Session $session, int $list, string $locale): array
{
    $found = [];
    foreach ($picklists->call('getPicklistValues', $session, $list, $locale) as $value) {
        $found[(fn (PicklistValue $each): string => $each->value)($value)] = $value->label;
    }
    return $found;
}

[, $url, $key, $locale] = $argv;
$managers = [];
foreach (['session', 'field', 'entity', 'picklist'] as $name) {
    $managers[$name] = new Manager($url, $name);
}
$session = (fn (Session $session): Session => $session)($managers['session']->call('createSession', $key));
$told = [];
foreach (json_decode(stream_get_contents(STDIN), true) as [$module, $form]) {
    $fields = [];
    foreach ($managers['field']->call('getCrmFields', $session, $module) as $each) {
        $type = TYPES[intval(field($each)->uitype)] ?? null;
        if ($type === null) {
            continue;
        }
        $label = json_decode($each->translations, true)[$locale] ?? (fn (string $label): string => $label)($each->label);
        $fields[$label] = [$each->name, $type, $each->picklist_id ? choices($managers['picklist'], $session, $each->picklist_id, $locale) : null];
    }
    $data = [];
    foreach ($form as $label => $value) {
        $data[$fields[$label][0]] = $value;
    }
    $answer = (fn (string $json): array => json_decode($json))($managers['entity']->call('bulkEntitySave', $session, $module, json_encode([$data])));
    $told[] = ['fields' => $fields, 'saved' => count($answer) > 0];
}
$managers['session']->call('destroySession', $session);
echo json_encode($told);
