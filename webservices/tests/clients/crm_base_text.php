<?php
// CRM-service's own three examples with PHP's SoapClient: php crm_base_text.php URL API_KEY EMAIL PASSWORD PORTAL
// Answers JSON: what each example came to.
//
// The examples are those of the vendor's text, nearly verbatim: brackets, commas and quotes that it leaves out are put
// in, paths are dropped, and what it does with an exception is to note it. The proxy classes are what a generator makes
// of the WSDLs: classes with the members of the types, and a client for each manager.

[, $url, $api_key, $email_address, $password, $portal_id] = $argv;

class CrmIntegrationWebserviceSession { public $sessionID; }
class PortalUserLoginDetails { public $email; public $password; public $portal_id; }
class authenticatedCustomer { public $id; public $account_id; public $first_name; public $last_name; public $email; public $portal_id; }
class ProductSearchCriteria { public $field; public $value; public $limit; public $offset; }
class Product { public $id; public $product_no; public $description; public $unit_price; public $active; }
class OrderProductRow { public $line_number; public $productid; public $description; public $qty; public $unit_price; public $value_period; }
class SalesOrder {
    public $id; public $salesorder_no; public $account_id; public $assigned_user_id; public $bill_city; public $bill_code;
    public $bill_country; public $bill_street; public $contact_id; public $description; public $duedate; public $status;
    public $subject; public $rows; public $total;
}

class Manager extends SoapClient
{
    const CLASSES = ['CrmIntegrationWebserviceSession', 'PortalUserLoginDetails', 'authenticatedCustomer',
        'ProductSearchCriteria', 'Product', 'OrderProductRow', 'SalesOrder'];

    public function __construct()
    {
        global $url;
        $options = ['classmap' => array_combine(self::CLASSES, self::CLASSES), 'cache_wsdl' => WSDL_CACHE_NONE];
        parent::__construct("$url/CrmIntegrationWebservice/service.php?class=" . static::class . '&wsdl', $options);
    }
}
class sessionManager extends Manager {}
class contactManager extends Manager {}
class ProductManager extends Manager {}
class salesorderManager extends Manager {}

function noted(SoapFault $fault): array
{
    return [$fault->faultcode, $fault->getMessage()];
}

$told = [];

// Code Example 1: creating a session variable.
$apiKey = $api_key;
$sessionManager = new sessionManager();
try {
    $session = $sessionManager->createSession($apiKey);
} catch (Exception $e) {
    exit(json_encode(noted($e)));
}
$told['session'] = [get_class($session), strlen($session->sessionID) > 20];

// Code Example 2: authenticating CRM portal users (contacts).
$contactManager = new contactManager();
$login = new PortalUserLoginDetails();
$login->email = $email_address;
$login->password = $password;
$login->portal_id = $portal_id;
try {
    $user = $contactManager->authenticatePortalUser($session, $login);
    $told['user'] = $user;
} catch (Exception $e) {
    $told['user'] = noted($e);
}

// Code Example 3: creating a new sales order.
$productManager = new ProductManager();
$productSearchCriteria = new ProductSearchCriteria();
$productSearchCriteria->field = "product_no";
$productSearchCriteria->value = "PRO2124";
$productSearchCriteria->limit = 1;
$productSearchCriteria->offset = 0;
$products = null;
try {
    $products = $productManager->searchProducts($session, $productSearchCriteria);
} catch (Exception $e) {
    $told['product'] = noted($e);
}
$product = $products[0];
$told['product'] = [count($products), get_class($product), $product->product_no, $product->description];

$salesOrderManager = new salesorderManager();
$salesOrder = new SalesOrder();
$salesOrder->account_id = 10000; // ID of Account
$salesOrder->assigned_user_id = 1; // ID of Assigned User
$salesOrder->bill_city = "Helsinki";
$salesOrder->bill_code = "00100";
$salesOrder->bill_country = "Finland";
$salesOrder->bill_street = "Mannerheimintie 55";
$salesOrder->contact_id = 10001;
$salesOrder->description = "Test sales order from PHP example file";
$salesOrder->duedate = date("Y-m-d");
$salesOrder->status = "Created";
$salesOrder->subject = "Test Order from PHP example";

$orderProductRow1 = new OrderProductRow();
$orderProductRow1->productid = $product->id;
$orderProductRow1->description = $product->description;
$orderProductRow1->qty = 2;
$orderProductRow1->value_period = 1;
$orderProductRow1->unit_price = 200;

$salesOrder->rows = array($orderProductRow1);

try {
    $newSalesOrder = $salesOrderManager->createSalesOrder($session, $salesOrder);
    $told['order'] = $newSalesOrder;
    $told['row'] = get_class($newSalesOrder->rows[0]);
} catch (Exception $e) {
    $told['order'] = noted($e);
}

// And what the text says of every problem: it is a fault.
$login->password = "not $password";
try {
    $contactManager->authenticatePortalUser($session, $login);
} catch (Exception $e) {
    $told['stranger'] = noted($e);
}
$told['end'] = $sessionManager->destroySession($session);
try {
    $productManager->searchProducts($session, $productSearchCriteria);
} catch (Exception $e) {
    $told['ended'] = noted($e);
}
echo json_encode($told);
