"""hutong_rules.py against docs/generated/vectors.json: python3 -m unittest discover examples/python-adapter"""
import hashlib
import json
import unittest
from pathlib import Path

import hutong_rules as rules

VECTORS = json.loads((Path(__file__).parents[2] / 'docs/generated/vectors.json').read_text('utf-8'))


class Vectors(unittest.TestCase):
    def test_addresses(self):
        for case in VECTORS['addresses']['cases']:
            self.assertEqual(rules.address_of(case['network'], case['native']), case['address'])
            self.assertEqual(rules.split_address(case['address']), (case['network'], case['native']))
        for text in VECTORS['addresses']['refused']:
            self.assertRaises(ValueError, rules.split_address, text)

    def test_conversations_and_lanes(self):
        self.assertEqual(rules.LANES, VECTORS['conversations']['lanes'])
        for case in VECTORS['conversations']['cases']:
            conversation = rules.conversation_of(case['one'], case['other'])
            self.assertEqual((conversation, rules.lane_of(conversation)), (case['conversation'], case['lane']))

    def test_event_ids(self):
        for case in VECTORS['eventIds']['cases']:
            self.assertEqual(rules.event_id(case['network'], case['kind'], case['native']), case['id'])

    def test_attachment_blocks(self):
        self.assertEqual(rules.BLOCK_BYTES, VECTORS['attachments']['blockBytes'])
        for case in VECTORS['attachments']['cases']:
            content = bytes(at % case['period'] for at in range(case['size']))
            self.assertEqual(hashlib.sha256(content).hexdigest(), case['sha256'])
            key = rules.from_unpadded(case['key'])
            blocks = rules.sealed_blocks(content, key)
            self.assertEqual(case['info']['payload'], {'size': len(content), 'blocks': len(blocks)})
            for number, (block, expected) in enumerate(zip(blocks, case['blocks'], strict=True)):
                self.assertEqual(rules.nonce_of(number).hex(), expected['nonce'])
                self.assertEqual(len(block), expected['size'])
                self.assertEqual(hashlib.sha256(block).hexdigest(), expected['sha256'])
            opened = [rules.opened_block(block, key, number) for number, block in enumerate(blocks)]
            self.assertEqual(b''.join(opened), content)


if __name__ == '__main__':
    unittest.main()
